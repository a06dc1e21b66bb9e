import { Fault, hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { isAsset, openRelease, type ReleaseAsset, releaseKeyFingerprint, type SignedRelease } from '@sotto/protocol';
import { ed25519, MANIFEST_PATH, WORKER_PATH } from './kept-release.ts';
import type { Memory } from './memory.ts';
import { Refused, Unreachable } from './refused.ts';

export interface FetchedRelease {
  readonly signed: SignedRelease;
  readonly manifest: Uint8Array<ArrayBuffer>;
}

/**
 * Fetches the server's manifest and judges it: signature, key, age. Throws `Refused` with `manifest-forged`,
 * `release-key-changed` or `release-older`, and `Unreachable`.
 */
export async function fetchRelease(
  pin: string,
  { acceptedKey, newest }: Pick<Memory, 'acceptedKey' | 'newest'>,
): Promise<FetchedRelease> {
  const manifest = await fetchBytes(MANIFEST_PATH);
  const signed = await openOrRefuse(manifest);
  const { key, at } = signed.release;
  if (hex(key) !== (acceptedKey ?? pin)) {
    throw new Refused('release-key-changed', { keyFingerprint: releaseKeyFingerprint(key) });
  }
  if (newest !== null && (at < newest.at || (at === newest.at && hex(signed.hash) !== newest.hash))) {
    throw new Refused('release-older');
  }
  return { signed, manifest };
}

/** The key that the server's manifest is signed by, if its fingerprint is this one; else null. Throws as `fetchRelease`. */
export async function fetchKey(fingerprint: string): Promise<string | null> {
  const { release } = await openOrRefuse(await fetchBytes(MANIFEST_PATH));
  return releaseKeyFingerprint(release.key) === fingerprint ? hex(release.key) : null;
}

/** Throws `Refused` with `asset-altered`, and `Unreachable`. */
export async function fetchAsset(asset: ReleaseAsset): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = await fetchBytes(asset.path);
  if (!isAsset(asset, bytes)) throw new Refused('asset-altered', { path: asset.path });
  return bytes;
}

/** SHA-256, hexadecimal, of what the server gives as its service worker. Throws `Unreachable`. */
export async function fetchWorkerHash(): Promise<string> {
  return hex(sha256(await fetchBytes(WORKER_PATH)));
}

async function openOrRefuse(manifest: Uint8Array): Promise<SignedRelease> {
  try {
    return await openRelease(ed25519, manifest);
  } catch (error) {
    if (error instanceof Fault) throw new Refused('manifest-forged');
    throw error;
  }
}

/** A server that says it has no such file has not been judged: it may run without a web client for a while. */
async function fetchBytes(path: string): Promise<Uint8Array<ArrayBuffer>> {
  try {
    const response = await fetch(path, { cache: 'no-store', credentials: 'omit', redirect: 'error' });
    if (!response.ok) throw new Unreachable(`${path}: ${response.status}`);
    return new Uint8Array(await response.arrayBuffer());
  } catch (cause) {
    throw new Unreachable(path, { cause });
  }
}
