import { ml_dsa65 } from '@noble/post-quantum/ml-dsa.js';
import { ml_kem768 } from '@noble/post-quantum/ml-kem.js';
import type { KeyEncapsulation, Primitives, SeedSigner } from '../ports.ts';
import { badShare, checkKeyLength } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { intoSecret } from './bytes.ts';

type RandomBytes = Primitives['randomBytes'];

/** ML-KEM-768 by noble: no browser of today has it in WebCrypto without a flag. */
export function mlKem768(randomBytes: RandomBytes): KeyEncapsulation {
  return {
    seedBytes: 64,
    async publicKey(seed) {
      return withKeys(ml_kem768, seed, ({ publicKey }) => Uint8Array.from(publicKey));
    },
    async encapsulate(publicKey) {
      checkKeyLength(publicKey, 1184, 'ML-KEM-768 public key');
      const coins = randomBytes(32);
      try {
        const { cipherText, sharedSecret } = ml_kem768.encapsulate(publicKey, coins);
        return { ciphertext: Uint8Array.from(cipherText), sharedSecret: intoSecret(sharedSecret) };
      } catch (cause) {
        throw badShare('ML-KEM-768', cause);
      } finally {
        coins.fill(0);
      }
    },
    async decapsulate(seed, ciphertext) {
      checkKeyLength(seed, 64, 'ML-KEM-768 seed');
      if (ciphertext.length !== 1088) throw badShare('an ML-KEM-768 ciphertext of the wrong length');
      return withKeys(ml_kem768, seed, ({ secretKey }) => intoSecret(ml_kem768.decapsulate(ciphertext, secretKey)));
    },
  };
}

/** ML-DSA-65 by noble. */
export function mlDsa65(randomBytes: RandomBytes): SeedSigner {
  return {
    seedBytes: 32,
    async sign(secretKey, message) {
      const extraEntropy = randomBytes(32);
      return withKeys(ml_dsa65, secretKey, (keys) =>
        Uint8Array.from(ml_dsa65.sign(message, keys.secretKey, { extraEntropy })),
      );
    },
    async verify(publicKey, message, signature) {
      checkKeyLength(publicKey, 1952, 'ML-DSA-65 public key');
      return signature.length === 3309 && ml_dsa65.verify(signature, message, publicKey);
    },
    async publicKey(secretKey) {
      return withKeys(ml_dsa65, secretKey, ({ publicKey }) => Uint8Array.from(publicKey));
    },
  };
}

interface LatticeKeys {
  readonly publicKey: Uint8Array;
  readonly secretKey: Uint8Array;
}

function withKeys<Result>(
  algorithm: typeof ml_kem768 | typeof ml_dsa65,
  seed: Secret,
  borrow: (keys: LatticeKeys) => Result,
): Result {
  checkKeyLength(seed, algorithm === ml_kem768 ? 64 : 32, 'lattice seed');
  const keys = seed.use((bytes) => algorithm.keygen(bytes));
  try {
    return borrow(keys);
  } finally {
    keys.secretKey.fill(0);
  }
}
