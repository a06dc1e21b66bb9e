import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { hex, parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';

/**
 * The key that signs releases of the web client: the file that SOTTO_RELEASE_KEY names, else one that this checkout makes for
 * itself once. A seed in hexadecimal, for its owner alone; never in the repository, never in what is served.
 */
export function releaseKey(path: string = process.env['SOTTO_RELEASE_KEY'] ?? LOCAL_KEY): Secret {
  if (!existsSync(path)) {
    if (path !== LOCAL_KEY) throw new Error(`SOTTO_RELEASE_KEY names ${path}, and there is no such file`);
    write(path, nodePrimitives().randomBytes(32));
  }
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${path} is no release key: 64 hexadecimal digits`);
  return new Secret(parseHex(text));
}

function write(path: string, seed: Uint8Array): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  // Of two builds that make one at the same time, the second takes the first one's.
  const file = openExclusive(path);
  if (file === null) return;
  try {
    writeSync(file, `${hex(seed)}\n`);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

function openExclusive(path: string): number | null {
  try {
    return openSync(path, 'wx', 0o600);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return null;
    throw error;
  }
}

const LOCAL_KEY = fileURLToPath(new URL('../../packages/web/.release/key', import.meta.url));
