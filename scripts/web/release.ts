import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import { encodeCbor, equal } from '@sotto/bytes';
import { type Secret, sha256 } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { openRelease, PREVIEW_PATH, type ReleaseAsset, signRelease } from '@sotto/protocol';
import { inlineStyles } from './inline-styles.ts';

export interface ReleaseOptions {
  /** Where the client was built, and where its manifest goes. */
  readonly folder: string;
  /** The release before it: if nothing has changed, it stays the newest. */
  readonly before: string;
  readonly key: Secret;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** Signs what was built: writes `release.cbor` (docs/spec/web-release.md). */
export async function writeRelease({ folder, before, key, version, at }: ReleaseOptions): Promise<void> {
  const assets = listFiles(folder).map((path) => describe(folder, path));
  const target = join(folder, MANIFEST);
  const same = await sameRelease(join(before, MANIFEST), {
    assets,
    version,
    key: await primitives.ed25519.publicKey(key),
  });
  writeFileSync(target, same ?? (await signRelease(primitives, key, { version, at, assets })));
}

/** The manifest that says the same; null if there is none. */
async function sameRelease(
  path: string,
  {
    assets,
    version,
    key,
  }: { readonly assets: readonly ReleaseAsset[]; readonly version: string; readonly key: Uint8Array },
): Promise<Uint8Array | null> {
  if (!existsSync(path)) return null;
  const bytes = readFileSync(path);
  try {
    const { release } = await openRelease(primitives, bytes);
    const isSame =
      release.version === version && equal(release.key, key) && equal(encode(release.assets), encode(assets));
    return isSame ? bytes : null;
  } catch (error) {
    console.error(
      `The release before cannot be read and is replaced: ${error instanceof Error ? error.message : error}`,
    );
    return null;
  }
}

function encode(assets: readonly ReleaseAsset[]): Uint8Array {
  const rows = assets.map(({ path, type, size, hash, inline }) => [path, type, size, hash, [...inline]]);
  return encodeCbor(rows.toSorted(([left = ''], [right = '']) => (left < right ? -1 : 1)));
}

function describe(folder: string, path: string): ReleaseAsset {
  const bytes = readFileSync(join(folder, path));
  const type = types[extname(path)];
  if (type === undefined) throw new Error(`no media type is known for ${path}`);
  return { path, type, size: bytes.length, hash: sha256(bytes), inline: inlineOf(path, bytes) };
}

function inlineOf(path: string, bytes: Uint8Array): readonly Uint8Array[] {
  const hashes = (texts: readonly string[]) => texts.map((text) => sha256(new TextEncoder().encode(text)));
  if (path === '/index.html') return hashes(inlineStyles);
  if (path !== PREVIEW_PATH) return [];
  const page = new TextDecoder().decode(bytes);
  return hashes([...page.matchAll(/<(style|script)>([\s\S]*?)<\/\1>/g)].map((match) => match[2] ?? ''));
}

function listFiles(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== MANIFEST)
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length));
}

const MANIFEST = 'release.cbor';
const primitives = nodePrimitives();

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.webmanifest': 'application/manifest+json',
  '.json': 'application/json',
};
