import { ed25519 as noble } from '@noble/curves/ed25519.js';
import { sha512 } from '@noble/hashes/sha2.js';
import { concat, equal, parseBase64url } from '@sotto/bytes';
import { checkEd25519PublicKey, ed25519Pkcs8 } from '../ed25519.ts';
import type { SeedSigner } from '../ports.ts';
import { checkKeyLength, keyMalformed } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { bytesOf, source } from './bytes.ts';

/** Ed25519 by WebCrypto. */
export const nativeEd25519: SeedSigner = {
  seedBytes: 32,
  async sign(secretKey, message) {
    return bytesOf(await crypto.subtle.sign('Ed25519', await importSeed(secretKey), source(message)));
  },
  async verify(publicKey, message, signature) {
    checkEd25519PublicKey(publicKey);
    if (signature.length !== 64) return false;
    const key = await importPublic(publicKey);
    return key !== null && (await crypto.subtle.verify('Ed25519', key, source(signature), source(message)));
  },
  async publicKey(secretKey) {
    const { x } = await crypto.subtle.exportKey('jwk', await importSeed(secretKey));
    if (x === undefined) throw keyMalformed('Ed25519 seed');
    return parseBase64url(x);
  },
};

/** Ed25519 for browsers whose WebCrypto lacks it. */
export const portableEd25519: SeedSigner = {
  seedBytes: 32,
  async sign(secretKey, message) {
    checkKeyLength(secretKey, 32, 'Ed25519 seed');
    return Uint8Array.from(secretKey.use((seed) => noble.sign(message, seed)));
  },
  async verify(publicKey, message, signature) {
    checkEd25519PublicKey(publicKey);
    return signature.length === 64 && verifyCofactorless(publicKey, message, signature);
  },
  async publicKey(secretKey) {
    checkKeyLength(secretKey, 32, 'Ed25519 seed');
    return Uint8Array.from(secretKey.use((seed) => noble.getPublicKey(seed)));
  },
};

/**
 * The check that OpenSSL and BoringSSL make: encode(S * B - k * A) is R, without the cofactor. The library's own check
 * multiplies by the cofactor, and a signer with a key of mixed order could make one platform accept what another
 * refuses.
 */
function verifyCofactorless(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  const key = parsePoint(publicKey);
  const nonce = signature.subarray(0, 32);
  const response = littleEndian(signature.subarray(32));
  const order = noble.Point.Fn.ORDER;
  if (key === null || response >= order) return false;
  const challenge = littleEndian(sha512(concat(nonce, publicKey, message))) % order;
  const expected = noble.Point.BASE.multiplyUnsafe(response).subtract(key.multiplyUnsafe(challenge));
  return equal(expected.toBytes(), nonce);
}

function parsePoint(bytes: Uint8Array): InstanceType<typeof noble.Point> | null {
  try {
    return noble.Point.fromBytes(bytes, false);
  } catch {
    // Not a point of the curve: no signature verifies under it.
    return null;
  }
}

async function importPublic(publicKey: Uint8Array): Promise<CryptoKey | null> {
  try {
    return await crypto.subtle.importKey('raw', source(publicKey), 'Ed25519', false, ['verify']);
  } catch {
    // Some platforms refuse here what is not a point of the curve, others when they verify.
    return null;
  }
}

async function importSeed(seed: Secret): Promise<CryptoKey> {
  checkKeyLength(seed, 32, 'Ed25519 seed');
  const pkcs8 = seed.use(ed25519Pkcs8);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', true, ['sign']);
  pkcs8.fill(0);
  return key;
}

function littleEndian(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => (number << 8n) | BigInt(byte), 0n);
}
