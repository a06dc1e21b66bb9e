import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ServerUsageFault } from './fault.ts';

/**
 * Holds a data directory for this process: a lock of the operating system, which goes when the process goes, however
 * it goes. Throws `data-in-use`.
 */
export function lockData(dataDirectory: string): Disposable {
  const lock = new DatabaseSync(join(dataDirectory, 'lock'));
  try {
    lock.exec('begin exclusive');
  } catch (cause) {
    lock.close();
    if (!isBusy(cause)) throw new ServerUsageFault('data-unusable', 'the data directory cannot be locked', { cause });
    throw new ServerUsageFault('data-in-use', 'another server runs on this data directory: stop that one first', {
      cause,
    });
  }
  return lock;
}

function isBusy(cause: unknown): boolean {
  return cause instanceof Error && 'errcode' in cause && cause.errcode === SQLITE_BUSY;
}

const SQLITE_BUSY = 5;
