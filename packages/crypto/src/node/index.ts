import { randomBytes as platformRandomBytes } from 'node:crypto';
import type { Primitives } from '../ports.ts';
import { aes256Gcm } from './aead.ts';
import { ecdhP384, mlKem768, x25519 } from './agreement.ts';
import { argon2id, pbkdf2Sha256 } from './password.ts';
import { foreignRsa, rsaOaep, rsaPss } from './rsa.ts';
import { ecdsaP384, ed25519, mlDsa65, pooledEd25519 } from './signature.ts';

export { nodePacketCiphers } from './packet-ciphers.ts';

export interface NodePrimitivesOptions {
  /**
   * Replaces the CSPRNG in tests that replay a seed: seeds, nonces, salts, X25519 and P-384 secret keys follow it.
   * ML-KEM encapsulation, ML-DSA hedging, ECDSA, PSS, OAEP and RSA key generation stay random.
   */
  readonly randomBytes?: Primitives['randomBytes'];
  /** Lets the threads of libuv's pool verify Ed25519: for a server, where many wait and one that waits alone is rare. */
  readonly pooled?: boolean;
}

/** `Primitives` on node:crypto. A signing key is read once and lives as long as its `Secret`; all others by each call. */
export function nodePrimitives(options: NodePrimitivesOptions = {}): Primitives {
  const randomBytes = options.randomBytes ?? ((length) => Uint8Array.from(platformRandomBytes(length)));
  return {
    randomBytes,
    aes256Gcm,
    ed25519: options.pooled === true ? pooledEd25519 : ed25519,
    mlDsa65,
    rsaPss,
    ecdsaP384,
    x25519: x25519(randomBytes),
    ecdhP384: ecdhP384(randomBytes),
    mlKem768,
    rsaOaep,
    foreignRsa,
    argon2id,
    pbkdf2Sha256,
  };
}
