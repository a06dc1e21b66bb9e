import { connectVaults, downloadResponse, type VaultEvent } from '@sotto/keybox-web';
import { trusted } from './trusted.ts';
import workerUrl from './vault-worker.entry.ts?worker&url';

/** What the tests drive: the vaults as every page has them, and what was told of them. */
const vaults = connectVaults(() => new Worker(trusted(workerUrl), { type: 'module' }));
const events: VaultEvent[] = [];
vaults.subscribe((event) => events.push(event));

/** Resolves once the condition holds, which is looked at whenever something is told. */
async function until(condition: () => unknown): Promise<void> {
  while (!(await condition())) {
    await new Promise<void>((resolve) => {
      const stop = vaults.subscribe(() => {
        stop();
        resolve();
      });
      setTimeout(resolve, 100);
    });
  }
}

async function direct() {
  const rooms = await vaults.box.listRooms();
  return rooms.find(({ type }) => type === 'direct');
}

/** Of the one direct room. */
async function texts(): Promise<readonly string[]> {
  const room = await direct();
  return room === undefined ? [] : (await vaults.box.listMessages(room.id)).map(({ text }) => text);
}

/** Names of all files in this origin's storage. */
async function stored(): Promise<readonly string[]> {
  const names: string[] = [];
  const visit = async (directory: FileSystemDirectoryHandle): Promise<void> => {
    for await (const entry of directory.values()) {
      if (entry.kind === 'directory') await visit(entry as FileSystemDirectoryHandle);
      else names.push(entry.name);
    }
  };
  await visit(await navigator.storage.getDirectory());
  return names;
}

Object.assign(globalThis, { vaults, events, until, direct, texts, stored, downloadResponse });
