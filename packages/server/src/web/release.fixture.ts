import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { signRelease } from '@sotto/protocol';
import { temporaryFolder } from '../running.fixture.ts';

/** A folder with a release of a few files, signed, and gone when the test is over. */
export async function releaseFolder(files: Readonly<Record<string, string>> = FILES): Promise<string> {
  const folder = temporaryFolder();
  const assets = Object.entries(files).map(([path, text]) => {
    const bytes = Buffer.from(text);
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
    const type = TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream';
    const inline = path === '/preview.html' ? [sha256(Buffer.from('show()'))] : [];
    return { path, type, size: bytes.length, hash: sha256(bytes), inline };
  });
  const key = new Secret(new Uint8Array(32).fill(7));
  const release = { version: '0.1.0', at: 1_767_600_000_000, assets };
  writeFileSync(join(folder, 'release.cbor'), await signRelease(nodePrimitives(), key, release));
  return folder;
}

export const FILES: Readonly<Record<string, string>> = {
  '/index.html': '<!doctype html><title>Sotto</title>',
  '/preview.html': '<!doctype html><script>show()</script>',
  '/service-worker.js': 'addEventListener("fetch", () => undefined);',
  '/assets/main-3f2a.js': `export const words = ${JSON.stringify('sotto '.repeat(500))};`,
};

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};
