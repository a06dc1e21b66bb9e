import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseUtf8, utf8 } from '@sotto/bytes';
import type { VaultStorage } from '@sotto/keybox';
import { type Address, isAddress, parseAddress } from '@sotto/protocol';
import { makeDirectory, readFile, replaceFile } from './files.ts';
import { tryLock, waitForLock } from './lock.ts';
import { DirectoryStorage } from './storage.ts';

/** One person's accounts on this machine: `accounts/ADDRESS/` for each, `current` names the one that commands mean. */
export interface Profile {
  readonly directory: string;
  /** Sorted. */
  accounts(): readonly Address[];
  /** The one that was chosen, or the only one there is; else null. */
  current(): Address | null;
  setCurrent(address: Address): void;
  /** Makes nothing until something is written to it. */
  storage(address: Address): VaultStorage;
  /** Makes this process the only writer of an account. Throws `vault-busy` after `waitMilliseconds`, 10 seconds unless told. */
  lock(address: Address, waitMilliseconds?: number): Promise<Disposable>;
  /** Makes this process the profile's only agent; null if there is one. */
  lockAgent(): Promise<Disposable | null>;
}

/** Opens the profile in a directory, usually what SOTTO_HOME names; makes it if need be. */
export function openProfile(directory: string): Profile {
  makeDirectory(directory);
  const currentFile = join(directory, 'current');
  const accounts = join(directory, 'accounts');
  const locks = join(directory, 'locks');
  return {
    directory,
    accounts: () => addressesIn(accounts),
    current() {
      const content = readFile(currentFile);
      if (content !== null) return parseAddress(parseUtf8(content));
      const [sole, ...more] = addressesIn(accounts);
      return more.length === 0 ? (sole ?? null) : null;
    },
    setCurrent: (address) => replaceFile(currentFile, utf8(`${address}\n`)),
    storage: (address) => new DirectoryStorage(join(accounts, address)),
    lock: (address, waitMilliseconds = LOCK_MILLISECONDS) => waitForLock(join(locks, address), { waitMilliseconds }),
    lockAgent: async () => tryLock(join(locks, 'agent')),
  };
}

function addressesIn(directory: string): Address[] {
  try {
    return readdirSync(directory).filter(isAddress).sort();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return [];
    throw cause;
  }
}

const LOCK_MILLISECONDS = 10_000;
