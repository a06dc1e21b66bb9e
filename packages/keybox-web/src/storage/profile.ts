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
import { missing, removeEntry, SlottedFile } from './slots.ts';

/** One browser profile's accounts at this origin: `accounts/ADDRESS/` for each, `current` names the last that was open. */
export interface Profile {
  /** Whether nothing was stored here when it was looked at, and nothing was since: new, or deleted by the browser. */
  readonly isNew: boolean;
  /** Those that can be unlocked, the last that was open first. */
  accounts(): Promise<readonly AccountSummary[]>;
  /** Those that were begun and broke off. */
  unfinished(): Promise<readonly UnfinishedAccount[]>;
  setCurrent(address: Address): Promise<void>;
  /** Makes nothing until something is written to it. */
  storage(address: Address): VaultStorage;
  /** Whether the vault of an account that is open is still where it was stored. */
  isKept(address: Address): Promise<boolean>;
  /** Deletes everything of an account. */
  remove(address: Address): Promise<void>;
}

/** Opens what this origin stores. Throws what the browser throws where it lets nothing be stored. */
export async function openProfile(): Promise<Profile> {
  let isNew = (await openPlace({ create: false }).catch(missing)) === null;
  let place = await openPlace({ create: true });
  const currentFile = new SlottedFile(async () => place.root, 'current');
  const storages = new Map<Address, VaultStorage>();
  const storage = (address: Address): VaultStorage => {
    const known = storages.get(address) ?? new OpfsStorage(place.directory, address);
    storages.set(address, known);
    return known;
  };
  const current = async (): Promise<Address | null> => {
    const content = await currentFile.read();
    return content === null ? null : parseAddress(parseUtf8(content));
  };
  /** What a browser has deleted is begun anew. */
  const addresses = async (): Promise<readonly Address[]> => {
    const known = await addressesIn(place.directory).catch(missing);
    if (known !== null) return known;
    isNew = true;
    place = await openPlace({ create: true });
    storages.clear();
    return [];
  };
  return {
    get isNew() {
      return isNew;
    },
    storage,
    async accounts() {
      const found: AccountSummary[] = [];
      for (const address of await addresses()) {
        await finishErasing(storage(address));
        const summary = await summarizeAccount(storage(address)).catch(() => null);
        if (summary !== null) found.push(summary);
      }
      const last = await current();
      return found.toSorted((left, right) => rank(left, last) - rank(right, last));
    },
    async unfinished() {
      const found: UnfinishedAccount[] = [];
      for (const address of await addresses()) {
        const begun = await unfinishedAccount(storage(address)).catch(() => null);
        if (begun !== null) found.push(begun);
      }
      return found;
    },
    async setCurrent(address) {
      await storing(() => currentFile.replace(utf8(address)));
      isNew = false;
    },
    async isKept(address) {
      const here = await openPlace({ create: false }).catch(missing);
      const vault = await here?.directory.getDirectoryHandle(address).catch(missing);
      return (await vault?.getFileHandle('keys.db').catch(missing)) != null;
    },
    async remove(address) {
      storages.delete(address);
      await removeEntry(place.directory, address);
      if ((await current()) === address) await currentFile.remove();
    },
  };
}

async function openPlace(how: { readonly create: boolean }): Promise<{
  readonly root: FileSystemDirectoryHandle;
  readonly directory: FileSystemDirectoryHandle;
}> {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('sotto', how);
  return { root, directory: await root.getDirectoryHandle('accounts', how) };
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
