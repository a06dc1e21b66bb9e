import { hkdf } from '@noble/hashes/hkdf.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha256 as nobleSha256, sha384 as nobleSha384, sha512 as nobleSha512 } from '@noble/hashes/sha2.js';
import { type CborValue, concat, encodeCbor, utf8 } from '@sotto/bytes';
import { Secret } from './secret.ts';

/** SHA-256 of the parts joined: 32 bytes. */
export function sha256(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const hash = nobleSha256.create();
  for (const part of parts) hash.update(part);
  return Uint8Array.from(hash.digest());
}

/** SHA-384: 48 bytes. In CMS signatures by ECDSA P-384. */
export function sha384(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(nobleSha384(message));
}

/** SHA-512: 64 bytes. In CMS signatures by Ed25519, which demand it (RFC 8419 section 2.3). */
export function sha512(message: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(nobleSha512(message));
}

/** SHA-256 under a domain tag, u8(length of tag) | tag | parts: 32 bytes. */
export function taggedHash(tag: HashTag, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const label = utf8(tag);
  return sha256(Uint8Array.of(label.length), label, ...parts);
}

/** Domains of `taggedHash`. */
export type HashTag =
  | 'sotto/device/v1'
  | 'sotto/log/v1'
  | 'sotto/table/v1'
  | 'sotto/entry/v1'
  | 'sotto/node/v1'
  | 'sotto/keys/v1'
  | 'sotto/profile-key/v1'
  | 'sotto/channel/v1'
  | 'sotto/audit/v1'
  | 'sotto/call/v1'
  | 'sotto/softphone/v1'
  | 'sotto/comparison/v1'
  | 'sotto/map-entry/v1'
  | 'sotto/map-leaf/v1'
  | 'sotto/map-node/v1';

/** HMAC-SHA-256: 32 bytes. */
export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hmac(nobleSha256, key, message));
}

/** HKDF-SHA-256 (RFC 5869), extract and expand. */
export function hkdfSha256(
  keyMaterial: Uint8Array,
  { salt, info, length }: { readonly salt: Uint8Array; readonly info: Uint8Array; readonly length: number },
): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hkdf(nobleSha256, keyMaterial, salt, info, length));
}

/**
 * Derives the key for one use: HKDF-SHA-256 with empty salt and info = u8(length of label) | label | CBOR(context).
 * Each use of a secret has its own label; no two purposes share a key.
 */
export function deriveKey(secret: Secret, label: string, context: CborValue = null, length = 32): Secret {
  const text = utf8(label);
  const info = concat(Uint8Array.of(text.length), text, encodeCbor(context));
  const derived = secret.use((bytes) => hkdfSha256(bytes, { salt: new Uint8Array(), info, length }));
  const key = new Secret(derived);
  derived.fill(0);
  return key;
}
