import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** A folder of small files, mode 0700 and 0600; a file is whole or not there, whatever happens to the machine. */
export interface KeyFiles {
  /** Null if there is no such file. */
  read(name: string): Uint8Array<ArrayBuffer> | null;
  write(name: string, bytes: Uint8Array): void;
  remove(name: string): void;
}

export function keyFiles(directory: string): KeyFiles {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  return {
    read(name) {
      const path = join(directory, name);
      return existsSync(path) ? Uint8Array.from(readFileSync(path)) : null;
    },
    write: (name, bytes) => replaceFile(join(directory, name), bytes),
    remove: (name) => rmSync(join(directory, name), { force: true }),
  };
}

function replaceFile(path: string, bytes: Uint8Array): void {
  const temporary = `${path}.new`;
  const file = openSync(temporary, 'w', 0o600);
  try {
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(temporary, path);
  const folder = openSync(dirname(path), 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
