import type { DiffieHellman, Primitives, SeedSigner } from '../ports.ts';
import { aes256Gcm } from './aead.ts';
import { ecdsaP384 } from './ecdsa.ts';
import { nativeEd25519, portableEd25519 } from './ed25519.ts';
import { mlDsa65, mlKem768 } from './lattice.ts';
import { ecdhP384 } from './p384.ts';
import { argon2id, pbkdf2Sha256 } from './password.ts';
import { foreignRsa, rsaOaep, rsaPss } from './rsa.ts';
import { nativeX25519, portableX25519 } from './x25519.ts';

export { type RunningSha256, runningSha256 } from './running-hash.ts';

export interface WebPrimitivesOptions {
  /** Replaces the CSPRNG in tests that replay a seed; what WebCrypto draws by itself stays random. */
  readonly randomBytes?: Primitives['randomBytes'];
  /** True: Ed25519 and X25519 by noble even where WebCrypto has them. */
  readonly portableCurves?: boolean;
}

/**
 * `Primitives` on WebCrypto; ML-KEM, ML-DSA and bare P-384 by noble, Argon2id by hash-wasm, Ed25519 and X25519 by noble
 * in browsers that lack them (asked once, at the first use). Needs a secure context, else WebCrypto is absent.
 */
export function webPrimitives(options: WebPrimitivesOptions = {}): Primitives {
  const randomBytes = options.randomBytes ?? platformRandomBytes;
  const native = options.portableCurves === true ? () => Promise.resolve(false) : once(hasNativeCurves);
  const x25519 = { native: nativeX25519(randomBytes), portable: portableX25519(randomBytes) };
  return {
    randomBytes,
    aes256Gcm,
    ed25519: signerBy(native),
    mlDsa65: mlDsa65(randomBytes),
    rsaPss,
    ecdsaP384,
    x25519: chooseGroup(async () => ((await native()) ? x25519.native : x25519.portable)),
    ecdhP384: ecdhP384(randomBytes),
    mlKem768: mlKem768(randomBytes),
    rsaOaep,
    foreignRsa,
    argon2id,
    pbkdf2Sha256,
  };
}

/** Ed25519 alone, for programs that need nothing else. */
export function webEd25519(): SeedSigner {
  return signerBy(once(hasNativeCurves));
}

function signerBy(native: () => Promise<boolean>): SeedSigner {
  return chooseSigner(async () => ((await native()) ? nativeEd25519 : portableEd25519));
}

function chooseSigner(choose: () => Promise<SeedSigner>): SeedSigner {
  return {
    seedBytes: 32,
    sign: async (...input) => (await choose()).sign(...input),
    verify: async (...input) => (await choose()).verify(...input),
    publicKey: async (...input) => (await choose()).publicKey(...input),
  };
}

function chooseGroup(choose: () => Promise<DiffieHellman>): DiffieHellman {
  return {
    generate: async () => (await choose()).generate(),
    publicKey: async (...input) => (await choose()).publicKey(...input),
    agree: async (...input) => (await choose()).agree(...input),
  };
}

async function hasNativeCurves(): Promise<boolean> {
  try {
    await crypto.subtle.generateKey('Ed25519', false, ['sign', 'verify']);
    await crypto.subtle.generateKey('X25519', false, ['deriveBits']);
    return true;
  } catch {
    // WebCrypto answers an algorithm that it does not know with NotSupportedError.
    return false;
  }
}

function once<Result>(compute: () => Promise<Result>): () => Promise<Result> {
  let result: Promise<Result> | null = null;
  return () => {
    result ??= compute();
    return result;
  };
}

function platformRandomBytes(length: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  for (let offset = 0; offset < length; offset += MOST_RANDOM_BYTES) {
    crypto.getRandomValues(bytes.subarray(offset, offset + MOST_RANDOM_BYTES));
  }
  return bytes;
}

/** What one call of `getRandomValues` gives at most. */
const MOST_RANDOM_BYTES = 65_536;
