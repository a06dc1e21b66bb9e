import { open, readFile, rename, rm } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import type { World } from './context.ts';
import { CliFault } from './fault.ts';

/** A whole file, or standard input for `-`. Throws `file-unreadable`. */
export async function readInput(path: string, { stdin }: World): Promise<Uint8Array> {
  try {
    return path === '-' ? await buffer(stdin) : await readFile(path);
  } catch (cause) {
    throw new CliFault('file-unreadable', `${path} cannot be read`, { cause });
  }
}

/**
 * Writes a file as a whole or not at all, readable by its owner alone. Throws `file-unwritable`, also if it exists and
 * is not to be replaced.
 */
export async function writeOutput(
  path: string,
  content: Uint8Array,
  { replace }: { readonly replace: boolean },
): Promise<void> {
  if (!replace) return writeNew(path, content);
  const temporary = `${path}.${process.pid}.part`;
  await writeNew(temporary, content);
  try {
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true });
    throw unwritable(path, cause);
  }
}

async function writeNew(path: string, content: Uint8Array): Promise<void> {
  try {
    await using file = await open(path, 'wx', 0o600);
    await file.writeFile(content);
    await file.sync();
  } catch (cause) {
    throw unwritable(path, cause);
  }
}

function unwritable(path: string, cause: unknown): CliFault {
  const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
  return new CliFault('file-unwritable', exists ? `${path} exists already` : `${path} cannot be written`, { cause });
}
