import { equal, hex } from '@sotto/bytes';
import { CryptoPeerFault, type Primitives, type Secret, sha256, taggedMessage } from '@sotto/crypto';
import { z } from 'zod/mini';
import { envelope } from './envelope.ts';
import { boundedText, type Format, fixedBytes, format, hash32, milliseconds } from './format.ts';
import { MAX_ASSET_BYTES, MAX_STATEMENT_BYTES } from './limits.ts';

/** One file of the web client. */
export interface ReleaseAsset {
  /** As in its address: `/assets/main-3f2a.js`. */
  readonly path: string;
  /** Media type. */
  readonly type: string;
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of the content. */
  readonly hash: Uint8Array;
  /** SHA-256 of each inline script and style that the page may run. */
  readonly inline: readonly Uint8Array[];
}

/** What the release key says that the web client is made of. */
export interface WebRelease {
  readonly v: 1;
  /** Of the program, for people. */
  readonly version: string;
  /** Milliseconds since the epoch; a later release is a newer one. */
  readonly at: number;
  /** The public release key, 32 bytes. */
  readonly key: Uint8Array;
  /** Sorted by path. */
  readonly assets: readonly ReleaseAsset[];
}

/** A manifest that was judged. */
export interface SignedRelease {
  readonly release: WebRelease;
  /** SHA-256 of the signed bytes. */
  readonly hash: Uint8Array;
}

type Ed25519 = Pick<Primitives, 'ed25519'>;

/** Signs a manifest; gives its envelope. docs/spec/web-release.md. */
export async function signRelease(
  { ed25519 }: Ed25519,
  key: Secret,
  release: Omit<WebRelease, 'v' | 'key'>,
): Promise<Uint8Array<ArrayBuffer>> {
  const assets = release.assets.toSorted((left, right) => (left.path < right.path ? -1 : 1));
  const signed = webRelease.encode({ ...release, v: 1, key: await ed25519.publicKey(key), assets });
  const signature = await ed25519.sign(key, taggedMessage('sotto/web-release/v1', signed));
  return envelope.encode({ signed, signatures: [signature] });
}

/**
 * Reads a manifest and verifies it under the key that it names: whether that is the right one is for the caller to say.
 * Throws `bad-signature` and what malformed bytes throw.
 */
export async function openRelease({ ed25519 }: Ed25519, bytes: Uint8Array): Promise<SignedRelease> {
  const { signed, signatures } = envelope.parse(bytes);
  const release = webRelease.parse(signed);
  const [signature, ...others] = signatures;
  const message = taggedMessage('sotto/web-release/v1', signed);
  if (signature === undefined || others.length > 0 || !(await ed25519.verify(release.key, message, signature))) {
    throw new CryptoPeerFault('bad-signature', 'a release that its key did not sign');
  }
  return { release, hash: sha256(signed) };
}

/** Whether bytes are those of an asset. */
export function isAsset({ size, hash }: ReleaseAsset, bytes: Uint8Array): boolean {
  return bytes.length === size && equal(sha256(bytes), hash);
}

/** How people are shown a release key: SHA-256, hexadecimal. */
export function releaseKeyFingerprint(key: Uint8Array): string {
  return hex(sha256(key));
}

const asset: z.ZodMiniType<ReleaseAsset> = z.strictObject({
  path: z.string().check(z.maxLength(256), z.regex(/^(?:\/[A-Za-z0-9_-][A-Za-z0-9._-]*)+$/)),
  type: z.string().check(z.maxLength(64), z.regex(/^[a-z]+\/[a-z0-9.+-]+(?:; charset=utf-8)?$/)),
  size: z.int().check(z.nonnegative(), z.maximum(MAX_ASSET_BYTES)),
  hash: hash32,
  inline: z.array(hash32).check(z.maxLength(8)),
});

export const webRelease: Format<WebRelease> = format(
  'web release',
  z.strictObject({
    v: z.literal(1),
    version: boundedText(64, 1),
    at: milliseconds,
    key: fixedBytes(32),
    assets: z.array(asset).check(z.minLength(1), z.maxLength(1024), z.refine(isSorted), z.refine(isWhole)),
  }),
  MAX_STATEMENT_BYTES,
);

function isSorted(assets: readonly ReleaseAsset[]): boolean {
  return assets.every(({ path }, i) => i === 0 || (assets[i - 1] as ReleaseAsset).path < path);
}

function isWhole(assets: readonly ReleaseAsset[]): boolean {
  return ['/index.html', '/service-worker.js'].every((path) => assets.some((each) => each.path === path));
}
