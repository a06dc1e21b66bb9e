import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { KeyboxUsageFault } from '@sotto/keybox';
import { makeDirectory, storing } from './files.ts';
import { openConnection, sqliteCode } from './sqlite.ts';

/**
 * Makes this process the only writer of a profile until it disposes of the lock or ends, however it ends: the lock is
 * the operating system's. Waits for another writer up to `waitMilliseconds`, then throws `vault-busy`; `disk-full`.
 */
export async function lockProfile(
  directory: string,
  { waitMilliseconds }: { readonly waitMilliseconds: number },
): Promise<Disposable> {
  makeDirectory(directory);
  const attempts = Math.ceil(waitMilliseconds / POLL_MILLISECONDS);
  for (let attempt = 0; ; attempt++) {
    const lock = tryLock(join(directory, 'lock'));
    if (lock !== null) return lock;
    if (attempt >= attempts) {
      throw new KeyboxUsageFault('vault-busy', 'another program is using this profile: close it or try again');
    }
    await setTimeout(POLL_MILLISECONDS);
  }
}

function tryLock(path: string): Disposable | null {
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
