import { createHash, type Hash } from 'node:crypto';
import { closeSync, fsyncSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** What a file holds: its length, and the SHA-256 of its bytes in hexadecimal. */
export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

export function hashFile(path: string): FileFacts {
  const hash = createHash('sha256');
  return factsOf(
    hash,
    eachChunk(path, (chunk) => void hash.update(chunk)),
  );
}

export function hashBytes(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/** Copies a file, mode 0600, and makes it durable; what was read is what is described. */
export function copyDurably(source: string, target: string): FileFacts {
  mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
  const hash = createHash('sha256');
  const file = openSync(target, 'wx', 0o600);
  try {
    const bytes = eachChunk(source, (chunk) => {
      hash.update(chunk);
      writeAll(file, chunk);
    });
    fsyncSync(file);
    return factsOf(hash, bytes);
  } finally {
    closeSync(file);
  }
}

/** Writes a file, mode 0600, that is whole or not there whatever happens to the machine. */
export function writeDurably(path: string, bytes: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const file = openSync(`${path}.new`, 'w', 0o600);
  try {
    writeAll(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
  syncPath(dirname(path));
}

/** Makes a file or the names in a folder durable. */
export function syncPath(path: string): void {
  const opened = openSync(path, 'r');
  try {
    fsyncSync(opened);
  } finally {
    closeSync(opened);
  }
}

/** Calls `take` with each piece of a file in order; gives its length. */
export function eachChunk(path: string, take: (chunk: Uint8Array) => void, chunkBytes: number = CHUNK_BYTES): number {
  const buffer = new Uint8Array(chunkBytes);
  const file = openSync(path, 'r');
  try {
    let total = 0;
    for (;;) {
      const read = fill(file, buffer);
      if (read === 0) return total;
      take(buffer.subarray(0, read));
      total += read;
    }
  } finally {
    closeSync(file);
  }
}

/** Reads until the buffer is full or the file at its end, so that pieces are always cut at the same places. */
function fill(file: number, buffer: Uint8Array): number {
  let filled = 0;
  while (filled < buffer.length) {
    const read = readSync(file, buffer, filled, buffer.length - filled, null);
    if (read === 0) break;
    filled += read;
  }
  return filled;
}

function writeAll(file: number, bytes: Uint8Array): void {
  for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
}

function factsOf(hash: Hash, bytes: number): FileFacts {
  return { bytes, sha256: hash.digest('hex') };
}

const CHUNK_BYTES = 1024 * 1024;
