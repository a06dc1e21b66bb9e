import { type Primitives, sha256 } from '@sotto/crypto';
import { type AuthorityCertificate, parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';
import { type ClientLogin, connectChannel, type KemName } from '@sotto/protocol';
import { KeyboxPeerFault, KeyboxUsageFault } from './fault.ts';
import type { Clock, Platform } from './ports.ts';
import { RequestChannel } from './request-channel.ts';
import { startTimer } from './timer.ts';

/** A home server as a client knows it. */
export interface Cluster {
  readonly origin: string;
  /** SHA-256 of its CA certificate, pinned. */
  readonly caFingerprint: Uint8Array;
  readonly domain: string;
  /** `p-384` for accounts of the classic suite, else `x-wing`. */
  readonly kem: KemName;
}

/** Opens a channel. Throws what the transport and docs/spec/channel.md say, `certificate-mismatch` for another domain. */
export async function openChannel(platform: Platform, cluster: Cluster, login: ClientLogin): Promise<RequestChannel> {
  const { primitives, clock, transport } = platform;
  const { origin, caFingerprint, domain, kem } = cluster;
  const socket = await transport.connect({ origin, caFingerprint });
  const channel = await connectChannel(socket, {
    primitives,
    domain,
    kem,
    login,
    clock,
    timer: { after: (milliseconds, expire) => startTimer(clock, milliseconds, expire) },
    handshakeTimeoutMilliseconds: login.mode === 'account' ? STRETCHING_MILLISECONDS : HANDSHAKE_MILLISECONDS,
    async verifyCertificates(certificates) {
      const { ca, channelKey } = await verifyChannelCertificates(platform, caFingerprint, certificates);
      if (ca.domain === domain) return channelKey;
      throw new KeyboxPeerFault('certificate-mismatch', 'the pinned authority is that of another domain');
    },
  });
  return new RequestChannel(channel, clock);
}

/**
 * Asks a server for its domain: the one that the certificate of the pinned CA names. The handshake goes no further.
 */
export async function discoverDomain(
  platform: Platform,
  { origin, caFingerprint }: Pick<Cluster, 'origin' | 'caFingerprint'>,
): Promise<string> {
  return (await discoverCluster(platform, { origin, caFingerprint })).domain;
}

/**
 * What a server says of itself before anything is sent to it: domain and CA. Without a fingerprint the CA that it shows
 * is taken, which proves nothing yet; with one, another CA is refused. Throws the faults of certificates.
 */
export async function discoverCluster(
  platform: Platform,
  { origin, caFingerprint }: { readonly origin: string; readonly caFingerprint: Uint8Array | null },
): Promise<Cluster> {
  const { primitives, clock, transport } = platform;
  const socket = await transport.connect({ origin, caFingerprint });
  const { promise: found, resolve, reject } = Promise.withResolvers<Cluster>();
  connectChannel(socket, {
    primitives,
    domain: 'unknown',
    kem: 'x-wing',
    login: { mode: 'anonymous' },
    clock,
    timer: { after: (milliseconds, expire) => startTimer(clock, milliseconds, expire) },
    async verifyCertificates(certificates) {
      const shown = caFingerprint ?? sha256(certificates[1]);
      const { ca } = await verifyChannelCertificates(platform, shown, certificates);
      resolve({ origin, caFingerprint: shown, domain: ca.domain, kem: 'x-wing' });
      throw new KeyboxUsageFault('cancelled', 'the cluster is known');
    },
  }).catch(reject);
  return found;
}

async function verifyChannelCertificates(
  { primitives, clock }: { readonly primitives: Primitives; readonly clock: Clock },
  fingerprint: Uint8Array,
  [certificate, authority]: readonly [Uint8Array, Uint8Array],
): Promise<{ readonly ca: AuthorityCertificate; readonly channelKey: Uint8Array }> {
  const ca = await verifyAuthority(authority, { primitives, fingerprint });
  const options = { primitives, ca, profile: 'channel', atMs: clock.now() } as const;
  const verified = await verifyCertificate(parseCertificate(certificate), options);
  return { ca, channelKey: verified.key.key };
}

/** For a handshake that computes next to nothing, and for one in which a slow machine stretches a passphrase. */
const HANDSHAKE_MILLISECONDS = 10_000;
const STRETCHING_MILLISECONDS = 60_000;
