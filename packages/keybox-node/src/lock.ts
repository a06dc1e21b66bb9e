import { dirname } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { KeyboxUsageFault } from '@sotto/keybox';
import { makeDirectory, storing } from './files.ts';
import { openConnection, sqliteCode } from './sqlite.ts';

/**
 * Takes a lock until this process disposes of it or ends, however it ends: the lock is the operating system's. Waits
 * for another holder up to `waitMilliseconds`, then throws `vault-busy`; `disk-full`.
 */
export async function waitForLock(
  path: string,
  { waitMilliseconds }: { readonly waitMilliseconds: number },
): Promise<Disposable> {
  const attempts = Math.ceil(waitMilliseconds / POLL_MILLISECONDS);
  for (let attempt = 0; ; attempt++) {
    const lock = tryLock(path);
    if (lock !== null) return lock;
    if (attempt >= attempts) {
      throw new KeyboxUsageFault('vault-busy', 'another program is using this account: close it or try again');
    }
    await setTimeout(POLL_MILLISECONDS);
  }
}

/** The same without waiting: null if another process has it. */
export function tryLock(path: string): Disposable | null {
  makeDirectory(dirname(path));
  const database = openConnection(path, { timeout: 0 });
  try {
    storing(() => database.exec('BEGIN EXCLUSIVE'));
    return { [Symbol.dispose]: () => database.close() };
  } catch (cause) {
    database.close();
    if (sqliteCode(cause) === 'SQLITE_BUSY') return null;
    throw cause;
  }
}

const POLL_MILLISECONDS = 50;
