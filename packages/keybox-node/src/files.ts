import {
  closeSync,
  fstatSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { KeyboxUsageFault } from '@sotto/keybox';

/** Makes a directory for its owner alone, and what is above it. */
export function makeDirectory(path: string): void {
  storing(() => mkdirSync(path, { recursive: true, mode: 0o700 }));
}

/** The content; null if there is no such file. */
export function readFile(path: string): Uint8Array | null {
  try {
    return Uint8Array.from(readFileSync(path));
  } catch (cause) {
    if (isMissing(cause)) return null;
    throw cause;
  }
}

/** Puts the content in the file's place, whole or not at all, and durable; the owner alone may read it. Throws `disk-full`. */
export function replaceFile(path: string, content: Uint8Array): void {
  const temporary = `${path}.new`;
  storing(() => {
    rmSync(temporary, { force: true });
    const file = openSync(temporary, 'wx', 0o600);
    try {
      for (let offset = 0; offset < content.length; ) offset += writeSync(file, content, offset);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    renameSync(temporary, path);
    syncDirectory(dirname(path));
  });
}

/** Writes zeros over a file's content, durably. */
export function overwriteFile(path: string): void {
  const file = openSync(path, 'r+');
  try {
    writeSync(file, new Uint8Array(fstatSync(file).size), 0);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes the file, durably; it may be gone already. */
export function removeFile(path: string): void {
  rmSync(path, { force: true });
  syncDirectory(dirname(path));
}

/** Makes renames, creations and removals in a directory durable. */
export function syncDirectory(path: string): void {
  let directory: number;
  try {
    directory = openSync(path, 'r');
  } catch (cause) {
    if (isMissing(cause)) return;
    throw cause;
  }
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

/** Runs what writes; a full disk becomes `disk-full`. */
export function storing<Result>(write: () => Result): Result {
  try {
    return write();
  } catch (cause) {
    if (!FULL.has(codeOf(cause))) throw cause;
    throw new KeyboxUsageFault('disk-full', 'the disk is full: free some space; nothing was lost', { cause });
  }
}

/** The same for what takes its time. */
export async function storingAsync<Result>(write: () => Promise<Result>): Promise<Result> {
  try {
    return await write();
  } catch (cause) {
    return storing((): Result => {
      throw cause;
    });
  }
}

function isMissing(cause: unknown): boolean {
  return codeOf(cause) === 'ENOENT';
}

function codeOf(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

/** SQLite says the last where its shared index does not fit any more. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT', 'SQLITE_FULL', 'SQLITE_IOERR_SHMSIZE']);
