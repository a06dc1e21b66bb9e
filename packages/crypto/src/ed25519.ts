import { concat, equal, parseHex } from '@sotto/bytes';
import { checkKeyLength, keyMalformed } from './refusal.ts';

/**
 * Refuses Ed25519 public keys on which verifiers are known to differ: encodings of y at or above the field's
 * order (RFC 8032 section 5.1.3) and the points of small order, under which one signature fits many messages.
 * Throws `key-malformed`. That the key lies on the curve is left to the verification, which is false if it does not.
 */
export function checkEd25519PublicKey(publicKey: Uint8Array): void {
  checkKeyLength(publicKey, 32, 'Ed25519 public key');
  const y = Uint8Array.from(publicKey);
  y[31] = (y[31] as number) & 0x7f;
  if (isBeyondField(y)) throw keyMalformed('Ed25519 public key that is not canonical');
  if (SMALL_ORDER_Y.some((small) => equal(small, y))) throw keyMalformed('Ed25519 public key of small order');
}

/** 2^255 - 19 and the 18 numbers above it that 255 bits hold: the order's other bytes are all ones. */
function isBeyondField(y: Uint8Array): boolean {
  return (y[0] as number) >= 0xed && y[31] === 0x7f && y.subarray(1, 31).every((byte) => byte === 0xff);
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

/** y of the points whose order divides 8, little-endian: 0, 1, -1, and the two of order 8. */
const SMALL_ORDER_Y: readonly Uint8Array[] = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
].map(parseHex);
