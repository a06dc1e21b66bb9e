import { isIP } from 'node:net';
import { connect, getCACertificates, type TLSSocket } from 'node:tls';
import { Fault } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { type Clock, KeyboxUsageFault } from '@sotto/keybox';
import { parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';

export interface TlsTarget {
  readonly host: string;
  readonly port: number;
  /** SHA-256 of the cluster's CA certificate; null to take any, for looking at it alone. */
  readonly caFingerprint: Uint8Array | null;
  readonly primitives: Primitives;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Opens TLS to a home server. Either the certificate is one that this system's authorities vouch for under that host
 * name (a web listener), or it is the cluster's own under the pinned CA and the protocol is TLS 1.3 (a native
 * listener; the pin says whose it is, whatever the host is called). Throws `tls-refused`, and the socket's own errors.
 */
export async function connectTls(target: TlsTarget): Promise<TLSSocket> {
  const { host, port, signal } = target;
  const socket = connect({
    host,
    port,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    ca: [...getCACertificates('default'), ...getCACertificates('system')],
    minVersion: 'TLSv1.2',
    ALPNProtocols: ['http/1.1'],
    // Judged below, before the first byte leaves: the cluster's CA is in no system store.
    rejectUnauthorized: false,
  });
  const abort = () => socket.destroy(new Error('timed out'));
  signal.addEventListener('abort', abort);
  try {
    await established(socket);
    const { caFingerprint } = target;
    if (!socket.authorized && caFingerprint !== null) await verifyPinned(socket, { ...target, caFingerprint });
    return socket;
  } catch (cause) {
    socket.destroy();
    throw cause;
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

function established(socket: TLSSocket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.once('secureConnect', resolve);
  socket.once('error', reject);
  socket.once('close', () => reject(new Error('closed')));
  return promise;
}

async function verifyPinned(
  socket: TLSSocket,
  { primitives, caFingerprint, clock }: TlsTarget & { readonly caFingerprint: Uint8Array },
): Promise<void> {
  const leaf = socket.getPeerX509Certificate();
  const issuer = leaf?.issuerCertificate;
  if (socket.getProtocol() !== 'TLSv1.3' || leaf === undefined || issuer === undefined) throw refused();
  try {
    const ca = await verifyAuthority(issuer.raw, { primitives, fingerprint: caFingerprint });
    await verifyCertificate(parseCertificate(leaf.raw), { primitives, ca, profile: 'tls-server', atMs: clock.now() });
  } catch (cause) {
    if (cause instanceof Fault) throw refused(cause);
    throw cause;
  }
}

function refused(cause?: unknown): KeyboxUsageFault {
  const message = 'the server proves neither its host name nor the pinned authority: check the address, do not go on';
  return new KeyboxUsageFault('tls-refused', message, { cause });
}
