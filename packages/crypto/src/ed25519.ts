import { concat, parseHex } from '@sotto/bytes';
import { checkKeyLength, keyMalformed } from './refusal.ts';

/**
 * Refuses Ed25519 public keys on which verifiers are known to differ: encodings of y at or above the field's
 * order (RFC 8032 section 5.1.3) and the points of small order, under which one signature fits many messages.
 * Throws `key-malformed`. That the key lies on the curve is left to the verification, which is false if it does not.
 */
export function checkEd25519PublicKey(publicKey: Uint8Array): void {
  checkKeyLength(publicKey, 32, 'Ed25519 public key');
  let y = 0n;
  for (let i = 31; i >= 0; i--) y = (y << 8n) | BigInt((publicKey[i] as number) & (i === 31 ? 0x7f : 0xff));
  if (y >= FIELD_ORDER) throw keyMalformed('Ed25519 public key that is not canonical');
  if (SMALL_ORDER_Y.has(y)) throw keyMalformed('Ed25519 public key of small order');
}

/** PKCS#8 of a seed (RFC 8410 section 7): 48 bytes. */
export function ed25519Pkcs8(seed: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(PKCS8_ED25519, seed);
}

/** SPKI of a public key (RFC 8410 section 4): 44 bytes. */
export function ed25519Spki(publicKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(SPKI_ED25519, publicKey);
}

/** PKCS#8 of an X25519 secret key (RFC 8410 section 7): 48 bytes. */
export function x25519Pkcs8(secretKey: Uint8Array): Uint8Array<ArrayBuffer> {
  return concat(PKCS8_X25519, secretKey);
}

const PKCS8_ED25519 = parseHex('302e020100300506032b657004220420');
const SPKI_ED25519 = parseHex('302a300506032b6570032100');
const PKCS8_X25519 = parseHex('302e020100300506032b656e04220420');

const FIELD_ORDER = 2n ** 255n - 19n;
const ORDER_8_Y = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n;
const SMALL_ORDER_Y: ReadonlySet<bigint> = new Set([0n, 1n, FIELD_ORDER - 1n, ORDER_8_Y, FIELD_ORDER - ORDER_8_Y]);
