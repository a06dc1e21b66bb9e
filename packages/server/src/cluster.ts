import type { opaque, Secret } from '@sotto/crypto';

/** The keys and certificates of a home server. They live in files, mode 0600, never in the database. */
export interface Cluster {
  readonly domain: string;
  /** The folder of the key files. */
  readonly directory: string;
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
  readonly opaque: opaque.ServerSetup;
  /** For the native listener: its certificate, then the CA's. */
  readonly tls: { readonly keyPem: string; readonly certPem: string };
}
