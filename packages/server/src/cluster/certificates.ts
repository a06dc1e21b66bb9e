import { utf8 } from '@sotto/bytes';
import type { Primitives, Secret } from '@sotto/crypto';
import {
  type CertificateAuthority,
  createCertificateAuthority,
  encodePem,
  issueCertificate,
  keySigner,
  openCertificateAuthority,
  parseCertificate,
  parsePem,
  type Subject,
} from '@sotto/pki';
import type { KeyFiles } from './key-files.ts';

export interface AuthorityOptions {
  readonly primitives: Primitives;
  readonly domain: string;
  readonly atMs: number;
}

/** Opens the CA of the key (PKCS#8), or makes its certificate if there is none yet. */
export async function openAuthority(
  files: KeyFiles,
  key: Secret,
  { primitives, domain, atMs }: AuthorityOptions,
): Promise<CertificateAuthority> {
  const signer = await keySigner(primitives, 'ecdsa-p384', key);
  const stored = readCertificate(files, 'ca.pem');
  if (stored !== null) return openCertificateAuthority({ primitives, signer, certificate: stored });
  const authority = await createCertificateAuthority({ primitives, signer, domain, atMs });
  files.write('ca.pem', utf8(encodePem('CERTIFICATE', authority.certificate.der)));
  return authority;
}

/** The stored certificate of one of the cluster's own keys; a new one if it is missing or soon out of date. */
export async function currentCertificate(
  files: KeyFiles,
  authority: CertificateAuthority,
  order: { readonly name: string; readonly subject: Subject; readonly publicKey: Uint8Array; readonly atMs: number },
): Promise<Uint8Array> {
  const { name, subject, publicKey, atMs } = order;
  const stored = readCertificate(files, name);
  if (stored !== null && parseCertificate(stored).notAfterMs - atMs > RENEWAL_MILLISECONDS) return stored;
  const issued = await issueCertificate(authority, { subject, publicKey, atMs });
  files.write(name, utf8(encodePem('CERTIFICATE', issued)));
  return issued;
}

function readCertificate(files: KeyFiles, name: string): Uint8Array | null {
  const pem = files.read(name);
  return pem === null ? null : (parsePem('CERTIFICATE', new TextDecoder().decode(pem))[0] ?? null);
}

/** Half a year of the one that they are valid: a server that is started once a quarter never runs out. */
const RENEWAL_MILLISECONDS = 180 * 24 * 3600 * 1000;
