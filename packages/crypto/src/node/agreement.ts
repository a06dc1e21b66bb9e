import {
  createECDH,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  type ECDH,
  encapsulate,
  type KeyObject,
} from 'node:crypto';
import type { DiffieHellman, KeyEncapsulation, Primitives } from '../ports.ts';
import { badShare, checkKeyLength, keyMalformed } from '../refusal.ts';
import { Secret } from '../secret.ts';
import { intoSecret, plainBytes } from './bytes.ts';

type RandomBytes = Primitives['randomBytes'];

export function x25519(randomBytes: RandomBytes): DiffieHellman {
  return {
    async generate() {
      const secretKey = intoSecret(randomBytes(32));
      return { secretKey, publicKey: x25519Public(secretKey) };
    },
    async publicKey(secretKey) {
      return x25519Public(secretKey);
    },
    async agree(secretKey, publicKey) {
      const privateKey = x25519Key(secretKey);
      checkKeyLength(publicKey, 32, 'X25519 public key');
      const peer = createPublicKey({ key: publicKey, format: 'raw-public', asymmetricKeyType: 'x25519' });
      return refusing('X25519', () => intoSecret(diffieHellman({ privateKey, publicKey: peer })));
    },
  };
}

export function ecdhP384(randomBytes: RandomBytes): DiffieHellman {
  return {
    async generate() {
      for (;;) {
        using candidate = intoSecret(randomBytes(48));
        const key = parseScalar(candidate);
        // Not `getPrivateKey`: it drops leading zero bytes.
        if (key !== null) return { secretKey: candidate.use((bytes) => new Secret(bytes)), publicKey: point(key) };
      }
    },
    async publicKey(secretKey) {
      return point(p384Key(secretKey));
    },
    async agree(secretKey, publicKey) {
      const key = p384Key(secretKey);
      checkKeyLength(publicKey, 97, 'P-384 public key');
      if (publicKey[0] !== 4) throw badShare('a P-384 point that is not in uncompressed form');
      return refusing('P-384', () => intoSecret(key.computeSecret(publicKey)));
    },
  };
}

export const mlKem768: KeyEncapsulation = {
  seedBytes: 64,
  async publicKey(seed) {
    return plainBytes(createPublicKey(mlKemKey(seed)).export({ format: 'raw-public' }));
  },
  async encapsulate(publicKey) {
    checkKeyLength(publicKey, 1184, 'ML-KEM-768 public key');
    const { ciphertext, sharedKey } = refusing('ML-KEM-768', () =>
      encapsulate(createPublicKey({ key: publicKey, format: 'raw-public', asymmetricKeyType: 'ml-kem-768' })),
    );
    return { ciphertext: plainBytes(ciphertext), sharedSecret: intoSecret(sharedKey) };
  },
  async decapsulate(seed, ciphertext) {
    const key = mlKemKey(seed);
    if (ciphertext.length !== 1088) throw badShare('an ML-KEM-768 ciphertext of the wrong length');
    return intoSecret(decapsulate(key, ciphertext));
  },
};

function x25519Key(secretKey: Secret): KeyObject {
  checkKeyLength(secretKey, 32, 'X25519 secret key');
  return secretKey.use((key) => createPrivateKey({ key, format: 'raw-private', asymmetricKeyType: 'x25519' }));
}

function x25519Public(secretKey: Secret): Uint8Array<ArrayBuffer> {
  return plainBytes(createPublicKey(x25519Key(secretKey)).export({ format: 'raw-public' }));
}

function p384Key(secretKey: Secret): ECDH {
  checkKeyLength(secretKey, 48, 'P-384 secret key');
  const key = parseScalar(secretKey);
  if (key === null) throw keyMalformed('P-384 scalar out of range');
  return key;
}

function parseScalar(scalar: Secret): ECDH | null {
  const key = createECDH('secp384r1');
  try {
    scalar.use((bytes) => key.setPrivateKey(bytes));
    return key;
  } catch {
    // Zero or not below the group's order: the one reason for which OpenSSL refuses a scalar of 48 bytes.
    return null;
  }
}

function point(key: ECDH): Uint8Array<ArrayBuffer> {
  return plainBytes(key.getPublicKey(null, 'uncompressed'));
}

function mlKemKey(seed: Secret): KeyObject {
  checkKeyLength(seed, 64, 'ML-KEM-768 seed');
  return seed.use((key) => createPrivateKey({ key, format: 'raw-seed', asymmetricKeyType: 'ml-kem-768' }));
}

function refusing<Result>(group: string, compute: () => Result): Result {
  try {
    return compute();
  } catch (cause) {
    throw badShare(group, cause);
  }
}
