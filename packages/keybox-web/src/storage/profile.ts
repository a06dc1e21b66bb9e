import { parseUtf8, utf8 } from '@sotto/bytes';
import {
  type AccountSummary,
  partNames,
  summarizeAccount,
  type UnfinishedAccount,
  unfinishedAccount,
  type VaultStorage,
} from '@sotto/keybox';
import { type Address, isAddress, parseAddress } from '@sotto/protocol';
import { OpfsStorage, storing } from './opfs-storage.ts';
import { removeEntry, SlottedFile } from './slots.ts';

/** One browser profile's accounts at this origin: `accounts/ADDRESS/` for each, `current` names the last that was open. */
export interface Profile {
  /** Those that can be unlocked, the last that was open first. */
  accounts(): Promise<readonly AccountSummary[]>;
  /** Those that were begun and broke off. */
  unfinished(): Promise<readonly UnfinishedAccount[]>;
  setCurrent(address: Address): Promise<void>;
  /** Makes nothing until something is written to it. */
  storage(address: Address): VaultStorage;
  /** Deletes everything of an account. */
  remove(address: Address): Promise<void>;
}

/** Opens what this origin stores. Throws what the browser throws where it lets nothing be stored. */
export async function openProfile(): Promise<Profile> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('sotto', { create: true });
  const directory = await root.getDirectoryHandle('accounts', { create: true });
  const currentFile = new SlottedFile(async () => root, 'current');
  const storages = new Map<Address, VaultStorage>();
  const storage = (address: Address): VaultStorage => {
    const known = storages.get(address) ?? new OpfsStorage(directory, address);
    storages.set(address, known);
    return known;
  };
  const current = async (): Promise<Address | null> => {
    const content = await currentFile.read();
    return content === null ? null : parseAddress(parseUtf8(content));
  };
  return {
    storage,
    async accounts() {
      const last = await current();
      const found: AccountSummary[] = [];
      for (const address of await addressesIn(directory)) {
        await finishErasing(storage(address));
        const summary = await summarizeAccount(storage(address)).catch(() => null);
        if (summary !== null) found.push(summary);
      }
      return found.toSorted((left, right) => rank(left, last) - rank(right, last));
    },
    async unfinished() {
      const found: UnfinishedAccount[] = [];
      for (const address of await addressesIn(directory)) {
        const begun = await unfinishedAccount(storage(address)).catch(() => null);
        if (begun !== null) found.push(begun);
      }
      return found;
    },
    setCurrent: (address) => storing(() => currentFile.replace(utf8(address))),
    async remove(address) {
      storages.delete(address);
      await removeEntry(directory, address);
      if ((await current()) === address) await currentFile.remove();
    },
  };
}

/** What a revocation had begun when its worker ended. */
async function finishErasing(storage: VaultStorage): Promise<void> {
  const notice = await storage.read('revoked');
  if (notice === null) return;
  for (const file of ['account', 'sign-up', 'enrolment'] as const) if ((await storage.read(file)) !== null) return;
  for (const name of partNames) if (await storage.hasPart(name)) return storage.erase(notice);
}

async function addressesIn(directory: FileSystemDirectoryHandle): Promise<Address[]> {
  const names: string[] = [];
  for await (const name of directory.keys()) names.push(name);
  return names.filter(isAddress).sort();
}

function rank({ address }: AccountSummary, last: Address | null): number {
  return address === last ? 0 : 1;
}
