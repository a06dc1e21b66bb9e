import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ServerUsageFault } from '../fault.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';

/** Starts to listen and gives the port. Throws `listen-failed`. */
export async function bind(server: Server, endpoint: Endpoint): Promise<number> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  server.once('error', reject);
  server.listen({ host: endpoint.host, port: endpoint.port }, resolve);
  try {
    await promise;
  } catch (cause) {
    throw new ServerUsageFault('listen-failed', `cannot listen at ${formatEndpoint(endpoint)}: ${reasonOf(cause)}`, {
      cause,
    });
  } finally {
    server.removeListener('error', reject);
  }
  return (server.address() as AddressInfo).port;
}

/** Stops listening; resolves once the last connection has gone, which idle ones do at once. */
export async function unbind(server: Server): Promise<void> {
  if (!server.listening) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  await promise;
}

function reasonOf(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : '';
  if (code === 'EADDRINUSE') return 'the port is taken by another program';
  if (code === 'EACCES') return 'this user may not use that port';
  if (code === 'EADDRNOTAVAIL') return 'this machine has no such address';
  return 'the system refuses';
}
