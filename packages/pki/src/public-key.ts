import { BugFault, equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { algorithmOf, algorithms } from './algorithm.ts';
import { malformed } from './der/fault.ts';
import { DerReader, readSequence } from './der/reader.ts';
import { bitString, sequence } from './der/writer.ts';

export type PublicKeyAlgorithm = 'ed25519' | 'rsa' | 'ecdsa-p384' | 'ecdsa-p256' | 'x-wing';

/** A SubjectPublicKeyInfo of a kind that we use. */
export interface PublicKey {
  readonly algorithm: PublicKeyAlgorithm;
  /** Modulus size of an RSA key, 0 otherwise. */
  readonly modulusBits: number;
  /** Content of the subjectPublicKey: the raw key of Ed25519 and X-Wing, a point, an RSAPublicKey. */
  readonly key: Uint8Array;
  /** The SubjectPublicKeyInfo. */
  readonly der: Uint8Array;
}

/** Parses a SubjectPublicKeyInfo. Throws `der-malformed`, also for every algorithm and size we do not use. */
export function parsePublicKey(der: Uint8Array): PublicKey {
  return readSequence(DerReader.open(der), (fields) => {
    const algorithm = algorithmOf(fields.raw(), publicKeyForms);
    if (algorithm === null) throw malformed('a public key of an unknown algorithm');
    const key = fields.bitString();
    return { algorithm, modulusBits: checkedSize(algorithm, key), key, der };
  });
}

/** SubjectPublicKeyInfo of a raw Ed25519 (32 bytes) or X-Wing (1216 bytes) public key. */
export function encodePublicKey(algorithm: 'ed25519' | 'x-wing', key: Uint8Array): Uint8Array<ArrayBuffer> {
  if (key.length !== rawKeyBytes[algorithm]) throw new BugFault(`${key.length} bytes for a key of ${algorithm}`);
  return sequence(publicKeyForms[algorithm][0], bitString(key));
}

/** RSA of the two sizes that we use. */
export function isStrongRsa({ algorithm, modulusBits }: PublicKey): boolean {
  return algorithm === 'rsa' && (modulusBits === 3072 || modulusBits === 4096);
}

/** The key identifier in certificates and containers: SHA-256 of the SubjectPublicKeyInfo (RFC 7093 section 2, 4). */
export function keyIdentifier(spki: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(spki);
}

function checkedSize(algorithm: PublicKeyAlgorithm, key: Uint8Array): number {
  if (algorithm === 'rsa') return rsaModulusBits(key);
  if (key.length !== rawKeyBytes[algorithm]) throw malformed('a public key of the wrong length');
  if (algorithm.startsWith('ecdsa') && key[0] !== 4) throw malformed('a compressed point');
  return 0;
}

function rsaModulusBits(key: Uint8Array): number {
  return readSequence(DerReader.open(key), (fields) => {
    const modulus = fields.unsigned();
    if (!equal(fields.unsigned(), EXPONENT)) throw malformed('an RSA exponent other than 65537');
    return modulus.length * 8 - Math.clz32(modulus[0] as number) + 24;
  });
}

const rawKeyBytes = { ed25519: 32, 'x-wing': 1216, 'ecdsa-p384': 97, 'ecdsa-p256': 65 } as const;

const publicKeyForms = {
  ed25519: [algorithms.ed25519],
  rsa: [algorithms.rsaEncryption],
  'ecdsa-p384': [algorithms.p384],
  'ecdsa-p256': [algorithms.p256],
  'x-wing': [algorithms.xWing],
} as const;

const EXPONENT = Uint8Array.of(1, 0, 1);
