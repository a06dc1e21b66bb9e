import { equal } from '@sotto/bytes';
import { type Primitives, sha256 } from '@sotto/crypto';
import { algorithms } from './algorithm.ts';
import { encodeSigned, encodeTbsCertificate, type TbsCertificate } from './certificate.ts';
import { PkiUsageFault } from './fault.ts';
import { AUTHORITY_YEARS, BACKDATE_SECONDS } from './limits.ts';
import { authorityName, checkDomain } from './name.ts';
import { authorityExtensions, isIssuable, leafExtensions, profiles, type Subject } from './profile.ts';
import { keyIdentifier, parsePublicKey } from './public-key.ts';
import { type CertificateSigner, signDer } from './signer.ts';
import { type AuthorityCertificate, verifyAuthority } from './verify.ts';

/** A cluster's CA: its certificate and the key that signs certificates and CRLs, and nothing else. */
export interface CertificateAuthority {
  readonly primitives: Primitives;
  readonly certificate: AuthorityCertificate;
  readonly signer: CertificateSigner;
}

export interface NewAuthority {
  readonly primitives: Primitives;
  /** ECDSA P-384. */
  readonly signer: CertificateSigner;
  readonly domain: string;
  /** Time of issue, milliseconds since the epoch. */
  readonly atMs: number;
}

/** Makes the self-signed root of a domain, valid for 20 years. Throws `name-malformed`, `key-unsuitable`. */
export async function createCertificateAuthority(options: NewAuthority): Promise<CertificateAuthority> {
  const { primitives, signer, domain, atMs } = options;
  checkDomain(domain);
  const tbs = encodeTbsCertificate({
    serial: randomSerial(primitives),
    signatureAlgorithm: algorithms.ecdsaP384,
    issuer: authorityName(domain),
    ...validity(atMs, AUTHORITY_YEARS * 365),
    subject: authorityName(domain),
    publicKey: signer.publicKey,
    extensions: authorityExtensions(domain, signer.publicKey),
  });
  const certificate = encodeSigned(tbs, algorithms.ecdsaP384, await signWith(signer, tbs));
  return openCertificateAuthority({ primitives, signer, certificate });
}

/** Takes up a CA from its stored certificate. Throws what `verifyAuthority` throws, `key-unsuitable`. */
export async function openCertificateAuthority(options: {
  readonly primitives: Primitives;
  readonly signer: CertificateSigner;
  readonly certificate: Uint8Array;
}): Promise<CertificateAuthority> {
  const { primitives, signer } = options;
  const certificate = await verifyAuthority(options.certificate, { primitives });
  if (!equal(certificate.publicKey, signer.publicKey)) {
    throw new PkiUsageFault('key-unsuitable', 'the signing key is not the key of the CA certificate');
  }
  return { primitives, certificate, signer };
}

export interface CertificateOrder {
  readonly subject: Subject;
  /** SubjectPublicKeyInfo; proof of possession is the caller's duty, see `verifyRequest`. */
  readonly publicKey: Uint8Array;
  readonly atMs: number;
}

/**
 * Issues a certificate in DER. Throws `name-malformed` for a subject outside the CA's domain, `key-unsuitable` for
 * a key that the profile does not take.
 */
export async function issueCertificate(
  { primitives, certificate, signer }: CertificateAuthority,
  { subject, publicKey, atMs }: CertificateOrder,
): Promise<Uint8Array<ArrayBuffer>> {
  const rules = profiles[subject.profile];
  if (!isIssuable(subject, certificate.domain)) throw new PkiUsageFault('name-malformed', 'not a name of this domain');
  if (!rules.isKey(parsePublicKey(publicKey))) throw new PkiUsageFault('key-unsuitable', 'not a key of this profile');
  const tbs = encodeTbsCertificate({
    serial: randomSerial(primitives),
    signatureAlgorithm: algorithms.ecdsaP384,
    issuer: certificate.subject,
    ...validity(atMs, rules.days),
    subject: rules.name,
    publicKey,
    extensions: leafExtensions(subject, publicKey, keyIdentifier(certificate.publicKey)),
  });
  return encodeSigned(tbs, algorithms.ecdsaP384, await signWith(signer, tbs));
}

/** What the user compares and clients pin: SHA-256 of the CA certificate's DER. */
export function authorityFingerprint(certificate: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(certificate);
}

async function signWith(signer: CertificateSigner, tbs: Uint8Array): Promise<Uint8Array> {
  if (signer.algorithm !== 'ecdsa-p384') throw new PkiUsageFault('key-unsuitable', 'a CA signs with ECDSA P-384');
  return signDer(signer, tbs);
}

function validity(atMs: number, days: number): Pick<TbsCertificate, 'notBeforeMs' | 'notAfterMs'> {
  const second = Math.floor(atMs / 1000);
  return { notBeforeMs: (second - BACKDATE_SECONDS) * 1000, notAfterMs: (second + days * 86_400) * 1000 };
}

/** 126 random bits: 16 octets, positive, the first one from 0x40 to 0x7f. */
function randomSerial(primitives: Primitives): Uint8Array {
  const serial = primitives.randomBytes(16);
  serial[0] = ((serial[0] as number) & 0x3f) | 0x40;
  return serial;
}
