import type { DiffieHellman, Primitives } from '../ports.ts';
import { badShare, checkKeyLength, keyMalformed } from '../refusal.ts';
import type { Secret } from '../secret.ts';
import { intoSecret } from './bytes.ts';

/**
 * ECDH on P-384 by noble, which is loaded at the first use: accounts of the classic suite alone need it. WebCrypto takes a
 * bare scalar only together with its point, which it cannot compute.
 */
export function ecdhP384(randomBytes: Primitives['randomBytes']): DiffieHellman {
  return {
    async publicKey(secretKey) {
      const noble = await load();
      checkScalar(noble, secretKey);
      return point(noble, secretKey);
    },

    async generate() {
      const noble = await load();
      for (;;) {
        const secretKey = intoSecret(randomBytes(48));
        if (secretKey.use((bytes) => noble.utils.isValidSecretKey(bytes))) {
          return { secretKey, publicKey: point(noble, secretKey) };
        }
      }
    },

    async agree(secretKey, publicKey) {
      const noble = await load();
      checkScalar(noble, secretKey);
      checkKeyLength(publicKey, 97, 'P-384 public key');
      if (publicKey[0] !== 4) throw badShare('a P-384 point that is not in uncompressed form');
      try {
        return intoSecret(secretKey.use((bytes) => noble.getSharedSecret(bytes, publicKey, true).slice(1)));
      } catch (cause) {
        throw badShare('P-384', cause);
      }
    },
  };
}

type Curve = Awaited<ReturnType<typeof load>>;

async function load() {
  return (await import('@noble/curves/nist.js')).p384;
}

function checkScalar(noble: Curve, secretKey: Secret): void {
  checkKeyLength(secretKey, 48, 'P-384 secret key');
  if (!secretKey.use((bytes) => noble.utils.isValidSecretKey(bytes))) throw keyMalformed('P-384 scalar out of range');
}

function point(noble: Curve, secretKey: Secret): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(secretKey.use((bytes) => noble.getPublicKey(bytes, false)));
}
