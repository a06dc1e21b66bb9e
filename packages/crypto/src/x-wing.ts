import { sha3_256, shake256 } from '@noble/hashes/sha3.js';
import { concat, parseHex } from '@sotto/bytes';
import type { KeyEncapsulation, Primitives } from './ports.ts';
import { badShare, checkKeyLength } from './refusal.ts';
import { Secret } from './secret.ts';

/**
 * X-Wing, the hybrid of ML-KEM-768 and X25519 (draft-connolly-cfrg-xwing-kem): seed 32 bytes, public key 1216
 * (ML-KEM, X25519), ciphertext 1120, shared secret 32. Stricter than the draft in one point: an X25519 share whose
 * result is all zero is `bad-share`.
 */
export function xWing(primitives: Primitives): KeyEncapsulation {
  const { mlKem768, x25519 } = primitives;
  return {
    seedBytes: 32,

    async publicKey(seed) {
      using keys = expandSeed(seed);
      return concat(await mlKem768.publicKey(keys.mlKem), await x25519.publicKey(keys.x25519));
    },

    async encapsulate(publicKey) {
      checkKeyLength(publicKey, X_WING_PUBLIC_KEY_BYTES, 'X-Wing public key');
      const publicX = publicKey.subarray(ML_KEM_PUBLIC_KEY_BYTES);
      const inner = await mlKem768.encapsulate(publicKey.subarray(0, ML_KEM_PUBLIC_KEY_BYTES));
      using secretM = inner.sharedSecret;
      const ephemeral = await x25519.generate();
      using ephemeralKey = ephemeral.secretKey;
      using secretX = await x25519.agree(ephemeralKey, publicX);
      const sharedSecret = combine({ secretM, secretX, ciphertextX: ephemeral.publicKey, publicX });
      return { ciphertext: concat(inner.ciphertext, ephemeral.publicKey), sharedSecret };
    },

    async decapsulate(seed, ciphertext) {
      if (ciphertext.length !== X_WING_CIPHERTEXT_BYTES) throw badShare('an X-Wing ciphertext of the wrong length');
      using keys = expandSeed(seed);
      const ciphertextX = ciphertext.subarray(ML_KEM_CIPHERTEXT_BYTES);
      using secretM = await mlKem768.decapsulate(keys.mlKem, ciphertext.subarray(0, ML_KEM_CIPHERTEXT_BYTES));
      using secretX = await x25519.agree(keys.x25519, ciphertextX);
      return combine({ secretM, secretX, ciphertextX, publicX: await x25519.publicKey(keys.x25519) });
    },
  };
}

function expandSeed(seed: Secret): Disposable & { readonly mlKem: Secret; readonly x25519: Secret } {
  checkKeyLength(seed, 32, 'X-Wing seed');
  const expanded = seed.use((bytes) => shake256(bytes, { dkLen: 96 }));
  const mlKem = new Secret(expanded.subarray(0, 64));
  const x25519 = new Secret(expanded.subarray(64));
  expanded.fill(0);
  return {
    mlKem,
    x25519,
    [Symbol.dispose]() {
      mlKem.dispose();
      x25519.dispose();
    },
  };
}

interface CombinerInput {
  readonly secretM: Secret;
  readonly secretX: Secret;
  readonly ciphertextX: Uint8Array;
  readonly publicX: Uint8Array;
}

function combine({ secretM, secretX, ciphertextX, publicX }: CombinerInput): Secret {
  const hash = sha3_256.create();
  secretM.use((bytes) => hash.update(bytes));
  secretX.use((bytes) => hash.update(bytes));
  const combined = hash.update(ciphertextX).update(publicX).update(X_WING_LABEL).digest();
  const sharedSecret = new Secret(combined);
  combined.fill(0);
  return sharedSecret;
}

export const X_WING_PUBLIC_KEY_BYTES: number = 1216;
export const X_WING_CIPHERTEXT_BYTES: number = 1120;
const ML_KEM_PUBLIC_KEY_BYTES = 1184;
const ML_KEM_CIPHERTEXT_BYTES = 1088;
/** `\.//^\`, the drawing of an X-wing. */
const X_WING_LABEL = parseHex('5c2e2f2f5e5c');
