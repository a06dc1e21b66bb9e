import { join } from 'node:path';
import { opaque, type Primitives, type Secret } from '@sotto/crypto';
import {
  authorityFingerprint,
  type CertificateAuthority,
  encodePem,
  encodePublicKey,
  issueCertificate,
  issueRevocationList,
  keySigner,
  type Subject,
} from '@sotto/pki';
import { currentCertificate, openAuthority } from './cluster/certificates.ts';
import { clusterHeads, type Heads } from './cluster/heads.ts';
import { type KeyFiles, keyFiles } from './cluster/key-files.ts';
import { type ClusterSecrets, loadSecrets } from './cluster/secrets.ts';
import { ServerUsageFault } from './fault.ts';

/** The keys and certificates of a home server. They live in files, never in the database. */
export interface Cluster {
  readonly domain: string;
  /** The folder of the key files. */
  readonly files: KeyFiles;
  /** DER. */
  readonly caCertificate: Uint8Array;
  /** SHA-256 of the CA certificate: what clients pin. */
  readonly caFingerprint: Uint8Array;
  /** DER; Ed25519. */
  readonly channelCertificate: Uint8Array;
  /** Ed25519 seed, 32 bytes. */
  readonly channelKey: Secret;
  /** Ed25519 seed, 32 bytes. */
  readonly headKey: Secret;
  /** Ed25519, 32 bytes each, newest first. */
  readonly headPublicKeys: readonly Uint8Array[];
  /** DER, newest first. */
  readonly headCertificates: readonly Uint8Array[];
  /** Which life of the data this is: every restore from a backup begins a higher one. */
  readonly incarnation: number;
  readonly heads: Heads;
  readonly opaque: opaque.ServerSetup;
  /** For the native listener: the key, and its certificate followed by the CA's. */
  readonly tls: { readonly keyPem: string; readonly certPem: string };
  /** Issues a certificate in DER; proof of possession is the caller's duty. */
  certify(subject: Subject, publicKey: Uint8Array): Promise<Uint8Array>;
  /** A CRL in DER over serial numbers in hexadecimal and their times. */
  revocationList(serials: ReadonlyMap<string, number>): Promise<Uint8Array>;
}

export interface ClusterOptions {
  readonly domain: string;
  readonly primitives: Primitives;
  /** Of the data beside the keys, as its database says. */
  readonly incarnation: number;
  now(): number;
}

/** Loads the cluster of a data folder from its sub-folder `keys`. Throws what `openCluster` throws. */
export function loadCluster(directory: string, options: ClusterOptions): Promise<Cluster> {
  return openCluster(keyFiles(join(directory, 'keys')), options);
}

/**
 * Loads the cluster of these keys; the first call makes them. Throws `domain-mismatch` for a cluster of another domain
 * and `data-unusable` for one of which a key is missing.
 */
export async function openCluster(
  files: KeyFiles,
  { domain, primitives, incarnation, now }: ClusterOptions,
): Promise<Cluster> {
  const secrets = await loadSecrets(files, primitives);
  const authority = await openAuthority(files, secrets.caKey, { primitives, domain, atMs: now() });
  if (authority.certificate.domain !== domain) {
    throw new ServerUsageFault('domain-mismatch', `the data is of the domain ${authority.certificate.domain}`);
  }
  const headPublicKey = await primitives.ed25519.publicKey(secrets.headKey);
  return {
    ...(await ownCertificates(files, authority, { secrets, headPublicKey, now })),
    domain,
    files,
    caCertificate: authority.certificate.der,
    caFingerprint: authorityFingerprint(authority.certificate.der),
    channelKey: secrets.channelKey,
    headKey: secrets.headKey,
    headPublicKeys: [headPublicKey],
    incarnation,
    heads: clusterHeads(primitives, { headKey: secrets.headKey, publicKeys: [headPublicKey], incarnation, now }),
    opaque: opaque.parseSetup(secrets.opaqueSetup),
    certify: (subject, publicKey) => issueCertificate(authority, { subject, publicKey, atMs: now() }),
    revocationList: (serials) => revocationList(authority, serials, now()),
  };
}

async function ownCertificates(
  files: KeyFiles,
  authority: CertificateAuthority,
  { secrets, headPublicKey, now }: { secrets: ClusterSecrets; headPublicKey: Uint8Array; now: () => number },
): Promise<Pick<Cluster, 'channelCertificate' | 'headCertificates' | 'tls'>> {
  const { primitives, certificate } = authority;
  const certify = (name: string, subject: Subject, publicKey: Uint8Array) =>
    currentCertificate(files, authority, { name, subject, publicKey, atMs: now() });
  const channelPublicKey = await primitives.ed25519.publicKey(secrets.channelKey);
  const tlsSigner = await keySigner(primitives, 'ecdsa-p384', secrets.tlsKey);
  const tlsSubject = { profile: 'tls-server', dnsNames: [certificate.domain], ipAddresses: LOOPBACK } as const;
  const tlsCertificate = await certify('tls.pem', tlsSubject, tlsSigner.publicKey);
  return {
    channelCertificate: await certify(
      'channel.pem',
      { profile: 'channel' },
      encodePublicKey('ed25519', channelPublicKey),
    ),
    headCertificates: [await certify('head.pem', { profile: 'head' }, encodePublicKey('ed25519', headPublicKey))],
    tls: {
      keyPem: secrets.tlsKey.use((pkcs8) => encodePem('PRIVATE KEY', pkcs8)),
      certPem: encodePem('CERTIFICATE', tlsCertificate) + encodePem('CERTIFICATE', certificate.der),
    },
  };
}

/** The number is the second of its making: it rises, and a restart repeats none. */
function revocationList(
  authority: CertificateAuthority,
  serials: ReadonlyMap<string, number>,
  atMs: number,
): Promise<Uint8Array> {
  const nextUpdateMs = atMs + CRL_MILLISECONDS;
  return issueRevocationList(authority, { serials, number: Math.floor(atMs / 1000), atMs, nextUpdateMs });
}

const LOOPBACK = [Uint8Array.of(127, 0, 0, 1), Uint8Array.of(...new Array(15).fill(0), 1)];
const CRL_MILLISECONDS = 7 * 24 * 3600 * 1000;
