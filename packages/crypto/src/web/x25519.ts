import { x25519 as noble } from '@noble/curves/ed25519.js';
import { parseBase64url } from '@sotto/bytes';
import { x25519Pkcs8 } from '../ed25519.ts';
import type { DiffieHellman, Primitives } from '../ports.ts';
import { badShare, checkKeyLength, keyMalformed } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { bytesOf, intoSecret, source } from './bytes.ts';

type RandomBytes = Primitives['randomBytes'];

/** X25519 by WebCrypto. */
export function nativeX25519(randomBytes: RandomBytes): DiffieHellman {
  const publicKey = async (secretKey: Secret) => {
    const { x } = await crypto.subtle.exportKey('jwk', await importSecret(secretKey));
    if (x === undefined) throw keyMalformed('X25519 secret key');
    return parseBase64url(x);
  };
  return {
    publicKey,
    async generate() {
      const secretKey = intoSecret(randomBytes(32));
      return { secretKey, publicKey: await publicKey(secretKey) };
    },
    async agree(secretKey, share) {
      const key = await importSecret(secretKey);
      checkKeyLength(share, 32, 'X25519 public key');
      return await refusing(async () => {
        const peer = await crypto.subtle.importKey('raw', source(share), 'X25519', false, []);
        return bytesOf(await crypto.subtle.deriveBits({ name: 'X25519', public: peer }, key, 256));
      });
    },
  };
}

/** X25519 for browsers whose WebCrypto lacks it. */
export function portableX25519(randomBytes: RandomBytes): DiffieHellman {
  const publicKey = async (secretKey: Secret) => {
    checkKeyLength(secretKey, 32, 'X25519 secret key');
    return Uint8Array.from(secretKey.use((bytes) => noble.getPublicKey(bytes)));
  };
  return {
    publicKey,
    async generate() {
      const secretKey = intoSecret(randomBytes(32));
      return { secretKey, publicKey: await publicKey(secretKey) };
    },
    async agree(secretKey, share) {
      checkKeyLength(secretKey, 32, 'X25519 secret key');
      checkKeyLength(share, 32, 'X25519 public key');
      return await refusing(async () => secretKey.use((bytes) => noble.getSharedSecret(bytes, share)));
    },
  };
}

/** Every platform refuses the all-zero result by itself; where one day one does not, this does. */
async function refusing(agree: () => Promise<Uint8Array>): Promise<Secret> {
  const shared = await agree().catch((cause: unknown) => {
    throw badShare('X25519', cause);
  });
  if (shared.every((byte) => byte === 0)) throw badShare('X25519');
  return intoSecret(shared);
}

async function importSecret(secretKey: Secret): Promise<CryptoKey> {
  checkKeyLength(secretKey, 32, 'X25519 secret key');
  const pkcs8 = secretKey.use(x25519Pkcs8);
  const key = await crypto.subtle.importKey('pkcs8', pkcs8, 'X25519', true, ['deriveBits']);
  pkcs8.fill(0);
  return key;
}
