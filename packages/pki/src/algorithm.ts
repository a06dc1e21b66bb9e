import { equal } from '@sotto/bytes';
import { integer, nullValue, oid, sequence, tagged } from './der/writer.ts';
import { oids } from './oids.ts';

type AlgorithmName =
  | 'sha256'
  | 'sha256Null'
  | 'hmacSha256'
  | 'sha384'
  | 'sha512'
  | 'ed25519'
  | 'ecdsaP384'
  | 'rsaPss'
  | 'rsaesOaepSha256'
  | 'aes256Wrap'
  | 'hkdfSha256'
  | 'xWing'
  | 'rsaEncryption'
  | 'p256'
  | 'p384';

/** AlgorithmIdentifiers whose bytes are fixed: what a reader accepts is exactly what a writer makes. */
export const algorithms: Readonly<Record<AlgorithmName, Uint8Array>> = {
  sha256: sequence(oid(oids.sha256)),
  sha256Null: sequence(oid(oids.sha256), nullValue()),
  hmacSha256: sequence(oid(oids.hmacSha256), nullValue()),
  sha384: sequence(oid(oids.sha384)),
  sha512: sequence(oid(oids.sha512)),
  ed25519: sequence(oid(oids.ed25519)),
  ecdsaP384: sequence(oid(oids.ecdsaWithSha384)),
  rsaPss: rsassaPss(sequence(oid(oids.sha256), nullValue())),
  rsaesOaepSha256: rsaesOaep(sequence(oid(oids.sha256))),
  aes256Wrap: sequence(oid(oids.aes256Wrap)),
  hkdfSha256: sequence(oid(oids.hkdfWithSha256)),
  xWing: sequence(oid(oids.xWing)),
  rsaEncryption: sequence(oid(oids.rsaEncryption), nullValue()),
  p256: sequence(oid(oids.ecPublicKey), oid(oids.p256)),
  p384: sequence(oid(oids.ecPublicKey), oid(oids.p384)),
};

/** The name of the AlgorithmIdentifier that these bytes are, null if they are none of `accepted`. */
export function algorithmOf<Name extends string>(
  encoding: Uint8Array,
  accepted: Readonly<Record<Name, readonly Uint8Array[]>>,
): Name | null {
  for (const name of Object.keys(accepted) as Name[]) {
    if (accepted[name].some((candidate) => equal(candidate, encoding))) return name;
  }
  return null;
}

export type DigestAlgorithm = 'sha256' | 'sha384' | 'sha512';

/** Digest identifiers as others write them: parameters absent or NULL (RFC 5754 section 2). */
export const digestForms: Readonly<Record<DigestAlgorithm, readonly Uint8Array[]>> = {
  sha256: [algorithms.sha256, algorithms.sha256Null],
  sha384: [algorithms.sha384, sequence(oid(oids.sha384), nullValue())],
  sha512: [algorithms.sha512, sequence(oid(oids.sha512), nullValue())],
};

/** Signature identifiers as others write them (RFC 4055 section 2.1 lets NULL be absent). */
export const signatureForms: Readonly<Record<SignatureAlgorithm, readonly Uint8Array[]>> = {
  'ecdsa-p384': [algorithms.ecdsaP384],
  'rsa-pss': [algorithms.rsaPss, rsassaPss(sequence(oid(oids.sha256)))],
  ed25519: [algorithms.ed25519],
};

export type SignatureAlgorithm = 'ecdsa-p384' | 'rsa-pss' | 'ed25519';

/** RSASSA-PKCS1-v1_5 with SHA-256, as CMS messages of others name it (RFC 3370 section 3.2, RFC 5754 section 3.2). */
export const foreignRsaForms: readonly Uint8Array[] = [
  algorithms.rsaEncryption,
  sequence(oid(oids.sha256WithRsa), nullValue()),
];

/** RSAES-OAEP as others write it: SHA-256 with NULL or without, and the default, SHA-1. */
export const oaepForms: Readonly<Record<'sha256' | 'sha1', readonly Uint8Array[]>> = {
  sha256: [algorithms.rsaesOaepSha256, rsaesOaep(algorithms.sha256Null)],
  sha1: [sequence(oid(oids.rsaesOaep), sequence())],
};

/** RSASSA-PSS with SHA-256, MGF1-SHA-256 and salt 32 (RFC 4055 section 3.1). */
function rsassaPss(hash: Uint8Array): Uint8Array<ArrayBuffer> {
  const mask = sequence(oid(oids.mgf1), hash);
  return sequence(oid(oids.rsassaPss), sequence(tagged(0, hash), tagged(1, mask), tagged(2, integer(32))));
}

/** RSAES-OAEP with SHA-256, MGF1-SHA-256 and empty label (RFC 4055 section 4.1). */
function rsaesOaep(hash: Uint8Array): Uint8Array<ArrayBuffer> {
  const mask = sequence(oid(oids.mgf1), hash);
  return sequence(oid(oids.rsaesOaep), sequence(tagged(0, hash), tagged(1, mask)));
}
