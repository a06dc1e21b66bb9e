import { addPasskey, checkStrayFile, checkVault, exportKeyFile, KeyboxUsageFault, removePasskey } from '@sotto/keybox';
import { strayFiles } from '../storage/stray-files.ts';
import type { Tools } from '../vault.ts';
import { FileSource } from './file-source.ts';
import type { HeldVaults } from './held-vaults.ts';
import { forgetTransfer, MemoryTarget } from './memory-target.ts';
import { offerDownload } from './offer-download.ts';
import { newRecoveryKey, setRecoveryKey } from './recovery-key.ts';
import type { Tasks } from './tasks.ts';

/** What is done with the open vault beside the words of its box. */
export function webTools(vaults: HeldVaults, tasks: Tasks): Tools {
  return {
    async checkVault() {
      const { storage, session } = vaults.open;
      const { parts } = await checkVault(vaults.platform, storage, session);
      const all = [...parts, ...(await strayFiles()).map(checkStrayFile)];
      return { encrypted: all.every(({ encrypted }) => encrypted), parts: all };
    },
    exportKeyFile: (passphrase) => exportKeyFile(vaults.open.session, passphrase),
    addPasskey: (passkey) =>
      addPasskey(vaults.platform, vaults.open.storage, { session: vaults.open.session, passkey }),
    removePasskey: (credentialId) => removePasskey(vaults.open.storage, vaults.open.session, credentialId),
    newRecoveryKey: async () => newRecoveryKey(vaults),
    setRecoveryKey: (change) => setRecoveryKey(vaults, change),
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
    offerFile: (input) => offerDownload(vaults.open.box, tasks, input),
  };
}

const MAX_READ_BYTES = 64 * 1024 * 1024;
