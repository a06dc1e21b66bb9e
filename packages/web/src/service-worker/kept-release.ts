import { hex } from '@sotto/bytes';
import { webEd25519 } from '@sotto/crypto/web';
import { openRelease, type ReleaseAsset, releaseKeyFingerprint, type SignedRelease, webHeaders } from '@sotto/protocol';
import type { ReleaseFacts } from '../release/state.ts';

/** A release that passed, with all its assets, in a cache of its own. */
export class KeptRelease {
  readonly facts: ReleaseFacts;
  readonly key: Uint8Array;
  readonly #assets: ReadonlyMap<string, ReleaseAsset>;
  readonly #cache: Cache;

  private constructor({ release, hash }: SignedRelease, cache: Cache) {
    this.#cache = cache;
    this.#assets = new Map(release.assets.map((asset) => [asset.path, asset]));
    this.key = release.key;
    this.facts = factsOf({ release, hash });
  }

  /** Null if the browser has thrown it away. */
  static async open(hash: string): Promise<KeptRelease | null> {
    const cache = await caches.open(cacheName(hash));
    const stored = await cache.match(MANIFEST_PATH);
    if (stored === undefined) return null;
    const signed = await openRelease(ed25519, new Uint8Array(await stored.arrayBuffer()));
    return hex(signed.hash) === hash ? new KeptRelease(signed, cache) : null;
  }

  /** Keeps a release; `fetchAsset` gives bytes that were judged. */
  static async keep(
    signed: SignedRelease,
    manifest: Uint8Array<ArrayBuffer>,
    fetchAsset: (asset: ReleaseAsset) => Promise<Uint8Array<ArrayBuffer>>,
  ): Promise<KeptRelease> {
    const cache = await caches.open(cacheName(hex(signed.hash)));
    const waiting = [...signed.release.assets];
    const take = async (): Promise<void> => {
      for (let asset = waiting.pop(); asset !== undefined; asset = waiting.pop()) {
        await cache.put(asset.path, new Response(await fetchAsset(asset)));
      }
    };
    await Promise.all(Array.from({ length: FETCHES }, take));
    // Last: a release with a manifest is whole.
    await cache.put(MANIFEST_PATH, new Response(manifest));
    return new KeptRelease(signed, cache);
  }

  asset(path: string): ReleaseAsset | null {
    return this.#assets.get(path) ?? null;
  }

  /** Null if it has no such asset, or the browser has thrown it away. */
  async answer(path: string): Promise<Response | null> {
    const asset = this.asset(path);
    const kept = asset === null ? undefined : await this.#cache.match(path);
    if (asset === null || kept === undefined) return null;
    return new Response(kept.body, { headers: this.#headers(asset) });
  }

  /** The bytes of an asset of the same content; null if there is none. */
  async bytesOf({ path, hash }: ReleaseAsset): Promise<Uint8Array<ArrayBuffer> | null> {
    const asset = this.asset(path);
    if (asset === null || hex(asset.hash) !== hex(hash)) return null;
    const kept = await this.#cache.match(path);
    return kept === undefined ? null : new Uint8Array(await kept.arrayBuffer());
  }

  /** Puts back what the browser has thrown away. */
  async mend(asset: ReleaseAsset, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    await this.#cache.put(asset.path, new Response(bytes));
  }

  #headers(asset: ReleaseAsset): Headers {
    const inline = this.asset(INDEX_PATH)?.inline ?? [];
    const headers = new Headers(webHeaders(asset, { origins: [location.origin], inline }));
    headers.set('content-type', asset.type);
    return headers;
  }
}

function factsOf({ release, hash }: SignedRelease): ReleaseFacts {
  const worker = release.assets.find(({ path }) => path === WORKER_PATH);
  return {
    version: release.version,
    at: release.at,
    hash: hex(hash),
    keyFingerprint: releaseKeyFingerprint(release.key),
    workerHash: worker === undefined ? '' : hex(worker.hash),
  };
}

/** Drops every kept release but those named. */
export async function dropOthers(hashes: readonly (string | null)[]): Promise<void> {
  const names = new Set(hashes.flatMap((hash) => (hash === null ? [] : [cacheName(hash)])));
  for (const name of await caches.keys()) {
    if (name.startsWith(CACHE_PREFIX) && !names.has(name)) await caches.delete(name);
  }
}

function cacheName(hash: string): string {
  return `${CACHE_PREFIX}${hash}`;
}

export const ed25519 = { ed25519: webEd25519() };
export const MANIFEST_PATH = '/release.cbor';
export const INDEX_PATH = '/index.html';
export const WORKER_PATH = '/service-worker.js';
const CACHE_PREFIX = 'sotto-release-';
const FETCHES = 6;
