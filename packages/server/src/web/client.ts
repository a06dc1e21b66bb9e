import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Fault, hex } from '@sotto/bytes';
import { type Primitives, sha256 } from '@sotto/crypto';
import { isAsset, openRelease, type ReleaseAsset, releaseKeyFingerprint } from '@sotto/protocol';
import { ServerUsageFault } from '../fault.ts';
import { Encodings } from './encodings.ts';

/** The web client as it was built, in memory: what its manifest names, and nothing else of the disk. */
export interface WebClient {
  readonly version: string;
  /** SHA-256 of the manifest's signed bytes, hexadecimal. */
  readonly hash: string;
  readonly keyFingerprint: string;
  /** By path. */
  readonly assets: ReadonlyMap<string, ServedAsset>;
}

export interface ServedAsset extends ReleaseAsset {
  readonly bytes: Uint8Array;
  readonly encodings: Encodings;
}

/**
 * Reads the folder of a built client. Throws `web-client-unusable` if its manifest is missing, is not signed by the key that
 * it names, or says something else than the files.
 */
export async function readWebClient(folder: string, primitives: Pick<Primitives, 'ed25519'>): Promise<WebClient> {
  const manifest = readOrRefuse(join(folder, MANIFEST_PATH));
  const { release, hash } = await openOrRefuse(primitives, manifest);
  const listed = release.assets.map((asset) => served(asset, readOrRefuse(join(folder, asset.path))));
  const all = [...listed, serveManifest(manifest)];
  return {
    version: release.version,
    hash: hex(hash),
    keyFingerprint: releaseKeyFingerprint(release.key),
    assets: new Map(all.map((asset) => [asset.path, asset])),
  };
}

async function openOrRefuse(primitives: Pick<Primitives, 'ed25519'>, manifest: Uint8Array) {
  try {
    return await openRelease(primitives, manifest);
  } catch (cause) {
    if (!(cause instanceof Fault)) throw cause;
    throw unusable('its manifest is no signed release', cause);
  }
}

function served(asset: ReleaseAsset, bytes: Uint8Array): ServedAsset {
  if (!isAsset(asset, bytes)) throw unusable(`${asset.path} is not what the manifest says`);
  return { ...asset, bytes, encodings: new Encodings(asset.type, bytes) };
}

/** The manifest cannot name itself. */
function serveManifest(bytes: Uint8Array): ServedAsset {
  const type = 'application/cbor';
  const hash = sha256(bytes);
  return {
    path: MANIFEST_PATH,
    type,
    size: bytes.length,
    hash,
    inline: [],
    bytes,
    encodings: new Encodings(type, bytes),
  };
}

function readOrRefuse(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (cause) {
    throw unusable('a file of it cannot be read', cause);
  }
}

function unusable(why: string, cause?: unknown): ServerUsageFault {
  return new ServerUsageFault('web-client-unusable', `the web client cannot be served: ${why}`, { cause });
}

const MANIFEST_PATH = '/release.cbor';
