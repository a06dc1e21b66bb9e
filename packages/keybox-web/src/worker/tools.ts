import { KeyboxUsageFault } from '@sotto/keybox';
import type { Tools } from '../vault.ts';
import { FileSource } from './file-source.ts';
import type { HeldVaults } from './held-vaults.ts';
import type { Tasks } from './tasks.ts';

/** What is done with the open vault beside the words of its box. */
export function webTools(vaults: HeldVaults, tasks: Tasks): Tools {
  return {
    async checkVault() {
      const { checkStrayFile, checkVault, strayFiles } = await import('./parts/vault-check.ts');
      const { storage, session } = vaults.open;
      const { parts } = await checkVault(vaults.platform, storage, session);
      const all = [...parts, ...(await strayFiles()).map(checkStrayFile)];
      return { encrypted: all.every(({ encrypted }) => encrypted), parts: all };
    },
    async exportKeyFile(passphrase) {
      const { exportKeyFile } = await import('./parts/key-file.ts');
      return await exportKeyFile(vaults.open.session, passphrase);
    },
    async addPasskey(passkey) {
      const { addPasskey } = await import('./parts/passkeys.ts');
      await addPasskey(vaults.platform, vaults.open.storage, { session: vaults.open.session, passkey });
    },
    async removePasskey(credentialId) {
      const { removePasskey } = await import('./parts/passkeys.ts');
      await removePasskey(vaults.open.storage, vaults.open.session, credentialId);
    },
    async newRecoveryKey() {
      const { newRecoveryKey } = await import('./recovery-key.ts');
      return newRecoveryKey(vaults);
    },
    async setRecoveryKey(change) {
      const { setRecoveryKey } = await import('./recovery-key.ts');
      await setRecoveryKey(vaults, change);
    },
    sendFile({ task, room, content, ...file }) {
      const { box } = vaults.open;
      const progress = (done: number, total: number): void => tasks.bytes(task, 'upload', [done, total]);
      return tasks.run(task, (signal) =>
        box.files.send(room, new FileSource(content), { ...file, key: `task/${task}`, progress, signal }),
      );
    },
    readFile({ task, room, file, version }) {
      const { box } = vaults.open;
      const progress = (done: number, total: number): void => tasks.bytes(task, 'download', [done, total]);
      return tasks.run(task, async (signal) => {
        const { forgetTransfer, MemoryTarget } = await import('./memory-target.ts');
        const target = new MemoryTarget();
        const versions = await box.files.versions(room, file);
        const wanted = version === undefined ? versions.at(-1) : versions.find((each) => each.version === version);
        if ((wanted?.sizeBytes ?? 0) > MAX_READ_BYTES) {
          throw new KeyboxUsageFault('file-too-large', 'the file is too large to be shown: download it');
        }
        try {
          await box.files.get(room, file, { target, version, progress, signal });
        } catch (cause) {
          await forgetTransfer(box, target.place);
          throw cause;
        }
        return target.blob();
      });
    },
    async offerFile(input) {
      const { offerDownload } = await import('./offer-download.ts');
      return await offerDownload(vaults.open.box, tasks, input);
    },
  };
}

const MAX_READ_BYTES = 64 * 1024 * 1024;
