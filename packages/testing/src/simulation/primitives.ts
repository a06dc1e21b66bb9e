import { hash as digest } from 'node:crypto';
import type { Primitives } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { webPrimitives } from '@sotto/crypto/web';
import { cheapStretch, fakeEcdsaP384, fakePrimitives } from './fake-primitives.ts';

export type CryptoKind = 'fake' | 'real';

/**
 * The primitives of a simulated city. `real` are those of the product with seeded randomness, but for three things:
 * passphrases are not stretched, the CA signs with what stands for ECDSA, and no account has RSA keys. Its ML-DSA
 * signatures alone are not the same in every run, and nothing depends on them.
 */
export function simulatedPrimitives(kind: CryptoKind, randomBytes: Primitives['randomBytes']): Primitives {
  if (kind === 'fake') return fakePrimitives(randomBytes);
  const node = nodePrimitives({ randomBytes });
  // OpenSSL draws what it encapsulates with by itself.
  const { encapsulate } = webPrimitives({ randomBytes }).mlKem768;
  return {
    ...node,
    mlKem768: { ...node.mlKem768, encapsulate },
    ecdsaP384: fakeEcdsaP384(randomBytes),
    argon2id: cheapStretch,
    pbkdf2Sha256: cheapStretch,
  };
}

/** Sees every sealing of a city and notes two different ones under one key and nonce. */
export class NonceWatch {
  readonly reused: string[] = [];
  readonly #sealed = new Map<string, string>();

  watch(primitives: Primitives): Primitives {
    const { aes256Gcm } = primitives;
    return {
      ...primitives,
      aes256Gcm: {
        seal: (input, plaintext) => {
          const place = input.key.use((key) => sha256(key, input.nonce));
          const content = sha256(input.aad, plaintext);
          const before = this.#sealed.get(place);
          if (before !== undefined && before !== content) this.reused.push('two sealings under one key and nonce');
          this.#sealed.set(place, content);
          return aes256Gcm.seal(input, plaintext);
        },
        open: (input, sealed) => aes256Gcm.open(input, sealed),
      },
    };
  }
}

function sha256(...parts: readonly Uint8Array[]): string {
  return digest('sha256', Buffer.concat(parts), 'latin1');
}
