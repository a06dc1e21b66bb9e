import { concat, equal } from '@sotto/bytes';
import { type Primitives, Secret, type SuiteCertificateKey } from '@sotto/crypto';
import { algorithms, type SignatureAlgorithm } from './algorithm.ts';
import { malformed } from './der/fault.ts';
import { DerReader, readSequence } from './der/reader.ts';
import { integer, sequence } from './der/writer.ts';
import { PkiUsageFault, PkiWireFault } from './fault.ts';
import { encodePublicKey, isStrongRsa, type PublicKey } from './public-key.ts';

/** Signs certificates, requests, CRLs and containers; a key in a file or behind PKCS#11. */
export interface CertificateSigner {
  readonly algorithm: SignatureAlgorithm;
  /** SubjectPublicKeyInfo. */
  readonly publicKey: Uint8Array;
  /** Signature over `message` as `Primitives` gives it: ECDSA as r | s. */
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A signer whose key (PKCS#8) is at hand. Throws `key-malformed` of crypto, `der-malformed`. */
export async function keySigner(
  primitives: Primitives,
  algorithm: SuiteCertificateKey['algorithm'],
  secretKey: Secret,
): Promise<CertificateSigner> {
  switch (algorithm) {
    case 'ed25519':
      return ed25519Signer(primitives, secretKey);
    case 'ecdsa-p384': {
      const publicKey = await primitives.ecdsaP384.publicKey(secretKey);
      return { algorithm, publicKey, sign: (message) => primitives.ecdsaP384.sign(secretKey, message) };
    }
    case 'rsa-3072':
    case 'rsa-4096': {
      const publicKey = await primitives.rsaPss.publicKey(secretKey);
      return { algorithm: 'rsa-pss', publicKey, sign: (message) => primitives.rsaPss.sign(secretKey, message) };
    }
  }
}

/** The AlgorithmIdentifier that a signer's signatures carry. */
export function signatureAlgorithm(algorithm: SignatureAlgorithm): Uint8Array {
  return algorithm === 'ecdsa-p384'
    ? algorithms.ecdsaP384
    : algorithm === 'rsa-pss'
      ? algorithms.rsaPss
      : algorithms.ed25519;
}

/** Signs and gives the signature its form in DER: ECDSA as Ecdsa-Sig-Value (RFC 5480 appendix A). */
export async function signDer(signer: CertificateSigner, message: Uint8Array): Promise<Uint8Array> {
  const signature = await signer.sign(message);
  return signer.algorithm === 'ecdsa-p384' ? encodeEcdsa(signature) : signature;
}

/** Verifies a signature in its DER form with the key that `algorithm` demands; false for any other key or form. */
export async function verifyDer(
  primitives: Primitives,
  key: PublicKey,
  { algorithm, message, signature }: SignedMessage,
): Promise<boolean> {
  switch (algorithm) {
    case 'ecdsa-p384': {
      const halves = key.algorithm === 'ecdsa-p384' ? decodeEcdsa(signature) : null;
      return halves !== null && (await primitives.ecdsaP384.verify(key.der, message, halves));
    }
    case 'rsa-pss':
      return isStrongRsa(key) && (await primitives.rsaPss.verify(key.der, message, signature));
    case 'ed25519':
      return key.algorithm === 'ed25519' && (await primitives.ed25519.verify(key.key, message, signature));
  }
}

export interface SignedMessage {
  readonly algorithm: SignatureAlgorithm;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** What signs with a key of this kind. Throws `key-unsuitable` for keys that sign nothing here. */
export function signatureAlgorithmOf(key: PublicKey): SignatureAlgorithm {
  if (key.algorithm === 'ed25519' || key.algorithm === 'ecdsa-p384') return key.algorithm;
  if (key.algorithm === 'rsa') return 'rsa-pss';
  throw new PkiUsageFault('key-unsuitable', `a key of ${key.algorithm} does not sign`);
}

async function ed25519Signer({ ed25519 }: Primitives, secretKey: Secret): Promise<CertificateSigner> {
  using derived = secretKey.use(seedOf);
  const publicKey = encodePublicKey('ed25519', await ed25519.publicKey(derived));
  return {
    algorithm: 'ed25519',
    publicKey,
    async sign(message) {
      using seed = secretKey.use(seedOf);
      return await ed25519.sign(seed, message);
    },
  };
}

/** OneAsymmetricKey of version 0 with a CurvePrivateKey (RFC 8410 section 7). */
function seedOf(pkcs8: Uint8Array): Secret {
  return readSequence(DerReader.open(pkcs8), (fields) => {
    if (fields.smallInteger() !== 0) throw malformed('a private key of another version');
    if (!equal(fields.raw(), algorithms.ed25519)) throw malformed('a private key of another algorithm');
    const seed = DerReader.open(fields.octetString()).octetString();
    if (seed.length !== 32) throw malformed('an Ed25519 seed of the wrong length');
    return new Secret(seed);
  });
}

function encodeEcdsa(signature: Uint8Array): Uint8Array {
  const half = signature.length / 2;
  return sequence(integer(signature.subarray(0, half)), integer(signature.subarray(half)));
}

function decodeEcdsa(signature: Uint8Array): Uint8Array | null {
  try {
    return readSequence(DerReader.open(signature), (fields) => concat(scalar(fields), scalar(fields)));
  } catch (cause) {
    if (cause instanceof PkiWireFault) return null;
    throw cause;
  }
}

function scalar(fields: DerReader): Uint8Array {
  const magnitude = fields.unsigned();
  if (magnitude.length > P384_SCALAR_BYTES) throw malformed('an ECDSA signature out of bounds');
  const padded = new Uint8Array(P384_SCALAR_BYTES);
  padded.set(magnitude, P384_SCALAR_BYTES - magnitude.length);
  return padded;
}

const P384_SCALAR_BYTES = 48;
