import { type Branded, equal, hex } from '@sotto/bytes';
import { type Primitives, sha256 } from '@sotto/crypto';
import { algorithms, type SignatureAlgorithm } from './algorithm.ts';
import { encodeTbsCertificate, extensionValue, parseCertificate, type UnverifiedCertificate } from './certificate.ts';
import { parseAltNames, parseConstrainedDomain } from './extension.ts';
import { type PkiPeerCode, PkiPeerFault, PkiWireFault } from './fault.ts';
import { AUTHORITY_YEARS, BACKDATE_SECONDS } from './limits.ts';
import { authorityName, isDomain } from './name.ts';
import { oids } from './oids.ts';
import {
  authorityExtensions,
  type CertificateProfile,
  leafExtensions,
  parseSubject,
  profiles,
  type Subject,
} from './profile.ts';
import { keyIdentifier, type PublicKey, parsePublicKey } from './public-key.ts';
import type { RevocationList } from './revocation.ts';
import { verifyDer } from './signer.ts';

/** A CA certificate that is exactly of our profile and signed by its own key. Whether to trust it is a matter of pins. */
export type AuthorityCertificate = Branded<
  UnverifiedCertificate & {
    /** The only domain whose names it may issue. */
    readonly domain: string;
    /** SHA-256 of the certificate. */
    readonly fingerprint: Uint8Array;
  },
  'AuthorityCertificate'
>;

/** A leaf that is exactly of profile `P`, signed by the CA, within its time and not revoked. */
export type VerifiedCertificate<P extends CertificateProfile = CertificateProfile> = Branded<
  UnverifiedCertificate & {
    readonly subjectNames: Extract<Subject, { readonly profile: P }>;
    readonly key: PublicKey;
  },
  'VerifiedCertificate'
>;

export interface AuthorityVerification {
  readonly primitives: Primitives;
  /** The pin: SHA-256 of the certificate. Without it the certificate is self-consistent and no more. */
  readonly fingerprint?: Uint8Array;
}

/**
 * Verifies a CA certificate. Throws `der-malformed`, `certificate-profile`, `certificate-signature`;
 * `certificate-issuer` if it is not the pinned one.
 */
export async function verifyAuthority(
  der: Uint8Array,
  { primitives, fingerprint }: AuthorityVerification,
): Promise<AuthorityCertificate> {
  const computed = sha256(der);
  if (fingerprint !== undefined && !equal(fingerprint, computed))
    throw refused('certificate-issuer', 'not the pinned CA');
  const certificate = parseCertificate(der);
  const domain = profileParse(() => checkAuthorityProfile(certificate));
  await checkSignature(primitives, certificate, certificate.publicKey);
  return { ...certificate, domain, fingerprint: computed } as AuthorityCertificate;
}

export interface Verification<P extends CertificateProfile> {
  readonly primitives: Primitives;
  readonly ca: AuthorityCertificate;
  readonly profile: P;
  /** Time of the judgement, milliseconds since the epoch. */
  readonly atMs: number;
  /** The CA's list, if one is at hand. */
  readonly revocations?: RevocationList;
  /** For renewal over a device's own channel alone: an expired certificate passes. */
  readonly acceptExpired?: boolean;
}

/**
 * Verifies a leaf: every field is the one that the profile prescribes, nothing is missing and nothing is added.
 * Throws `certificate-issuer`, `certificate-profile`, `certificate-signature`, `certificate-not-yet-valid`,
 * `certificate-expired`, `certificate-revoked`.
 */
export async function verifyCertificate<P extends CertificateProfile>(
  certificate: UnverifiedCertificate,
  options: Verification<P>,
): Promise<VerifiedCertificate<P>> {
  const { primitives, ca, profile } = options;
  if (!equal(certificate.issuer, ca.subject)) throw refused('certificate-issuer', 'issued by another CA');
  const { subject, key } = profileParse(() => checkLeafProfile(certificate, ca, profile));
  await checkSignature(primitives, certificate, ca.publicKey);
  checkValidity(certificate, options);
  return { ...certificate, subjectNames: subject, key } as VerifiedCertificate<P>;
}

/** The one answer to a certificate that is not to the letter of its profile is to build that letter and compare. */
function checkAuthorityProfile(certificate: UnverifiedCertificate): string {
  const domain = parseConstrainedDomain(extensionValue(certificate, oids.nameConstraints) ?? new Uint8Array());
  if (!isDomain(domain)) throw offProfile();
  const expected = encodeTbsCertificate({
    ...certificate,
    signatureAlgorithm: algorithms.ecdsaP384,
    issuer: authorityName(domain),
    subject: authorityName(domain),
    extensions: authorityExtensions(domain, certificate.publicKey),
  });
  const isKey = parsePublicKey(certificate.publicKey).algorithm === 'ecdsa-p384';
  if (!isKey || !hasProfileSerial(certificate) || !hasProfileTime(certificate, AUTHORITY_YEARS * 365))
    throw offProfile();
  if (!equal(expected, certificate.tbs)) throw offProfile();
  return domain;
}

function checkLeafProfile(
  certificate: UnverifiedCertificate,
  ca: AuthorityCertificate,
  profile: CertificateProfile,
): { readonly subject: Subject; readonly key: PublicKey } {
  const rules = profiles[profile];
  const names = parseAltNames(extensionValue(certificate, oids.subjectAltName) ?? new Uint8Array());
  const subject = parseSubject(profile, names, ca.domain);
  const key = parsePublicKey(certificate.publicKey);
  if (subject === null || !rules.isKey(key) || !hasProfileSerial(certificate)) throw offProfile();
  const expected = encodeTbsCertificate({
    ...certificate,
    signatureAlgorithm: algorithms.ecdsaP384,
    issuer: ca.subject,
    subject: rules.name,
    extensions: leafExtensions(subject, certificate.publicKey, keyIdentifier(ca.publicKey)),
  });
  if (!hasProfileTime(certificate, rules.days) || !equal(expected, certificate.tbs)) throw offProfile();
  return { subject, key };
}

async function checkSignature(
  primitives: Primitives,
  { tbs, signature }: UnverifiedCertificate,
  authorityKey: Uint8Array,
): Promise<void> {
  const algorithm: SignatureAlgorithm = 'ecdsa-p384';
  const verified = await verifyDer(primitives, parsePublicKey(authorityKey), { algorithm, message: tbs, signature });
  if (!verified) throw refused('certificate-signature', 'not signed by the CA');
}

function checkValidity(
  { notBeforeMs, notAfterMs, serial }: UnverifiedCertificate,
  { ca, atMs, revocations, acceptExpired }: Verification<CertificateProfile>,
): void {
  if (atMs < notBeforeMs || atMs < ca.notBeforeMs) throw refused('certificate-not-yet-valid', 'not yet valid');
  if (atMs > ca.notAfterMs) throw refused('certificate-expired', 'the CA has expired');
  if (atMs > notAfterMs && acceptExpired !== true) throw refused('certificate-expired', 'expired');
  if (revocations === undefined) return;
  if (!equal(revocations.issuer, ca.subject)) throw refused('certificate-issuer', 'a CRL of another CA');
  if (revocations.serials.has(hex(serial))) throw refused('certificate-revoked', 'revoked');
}

function hasProfileSerial({ serial }: UnverifiedCertificate): boolean {
  const first = serial[0] as number;
  return serial.length === 16 && first >= 0x40 && first < 0x80;
}

function hasProfileTime({ notBeforeMs, notAfterMs }: UnverifiedCertificate, days: number): boolean {
  return notAfterMs - notBeforeMs === (days * 86_400 + BACKDATE_SECONDS) * 1000;
}

/** Inside well-formed DER, a value that our readers refuse is one that no profile has. */
function profileParse<Result>(check: () => Result): Result {
  try {
    return check();
  } catch (cause) {
    if (cause instanceof PkiWireFault) throw refused('certificate-profile', 'a field that no profile has', cause);
    throw cause;
  }
}

function offProfile(): PkiPeerFault {
  return refused('certificate-profile', 'not a certificate of this profile');
}

function refused(code: PkiPeerCode, message: string, cause?: unknown): PkiPeerFault {
  return new PkiPeerFault(code, message, { cause });
}
