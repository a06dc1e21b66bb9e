import type { KeyPair, Primitives } from '@sotto/crypto';
import { classic, hybrid } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { type CertificateAuthority, createCertificateAuthority, issueCertificate } from './authority.ts';
import { parseCertificate } from './certificate.ts';
import type { CertificateProfile, Subject } from './profile.ts';
import { type CertificateSigner, keySigner } from './signer.ts';
import { type VerifiedCertificate, verifyCertificate } from './verify.ts';

export const primitives: Primitives = nodePrimitives();
/** Test keys are made once for all tests of one file. */
const suites = { classic: classic(primitives), hybrid: hybrid(primitives) };
/** Whole seconds of now, so that openssl, which reads the real clock, agrees. */
export const NOW_MS: number = Math.floor(Date.now() / 1000) * 1000;
export const DAY_MS = 86_400_000;

export async function createCluster(domain = 'example.org', atMs: number = NOW_MS): Promise<CertificateAuthority> {
  const pair = await primitives.ecdsaP384.generate(null);
  const signer = await keySigner(primitives, 'ecdsa-p384', pair.secretKey);
  return createCertificateAuthority({ primitives, signer, domain, atMs });
}

export interface Holder<P extends CertificateProfile> {
  readonly pair: KeyPair;
  readonly signer: CertificateSigner;
  readonly certificate: VerifiedCertificate<P>;
}

export async function issueDevice(
  cluster: CertificateAuthority,
  address: string,
  suite: 'classic' | 'hybrid' = 'hybrid',
): Promise<Holder<'device'>> {
  const { algorithm, generate } = suites[suite].certificateKey;
  const pair = await generate();
  const certificate = await issue(cluster, { profile: 'device', address, device: 'laptop' }, pair.publicKey);
  return { pair, signer: await keySigner(primitives, algorithm, pair.secretKey), certificate };
}

export async function issue<S extends Subject>(
  cluster: CertificateAuthority,
  subject: S,
  publicKey: Uint8Array,
): Promise<VerifiedCertificate<S['profile']>> {
  const der = await issueCertificate(cluster, { subject, publicKey, atMs: NOW_MS });
  const { profile } = subject as { profile: S['profile'] };
  return verifyCertificate(parseCertificate(der), { primitives, ca: cluster.certificate, profile, atMs: NOW_MS });
}
