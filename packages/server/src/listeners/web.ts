import { readFileSync } from 'node:fs';
import { createServer as createPlainServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { ServerUsageFault } from '../fault.ts';
import { MAX_HEADER_BYTES } from '../limits.ts';
import { type Endpoint, formatEndpoint } from './endpoint.ts';
import { isLoopbackHost } from './source.ts';

/** How browsers reach the web listener. */
export interface WebOptions {
  readonly endpoint: Endpoint;
  readonly domain: string;
  /** PEM files. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | null;
  /** A TLS proxy of our own stands in front. */
  readonly behindProxy: boolean;
  /** What people type, if it is not what we would say. */
  readonly publicUrl: string | null;
}

/** The server behind the web listener, not yet listening. Throws `plain-http-refused`, `tls-unusable`. */
export function createWebServer({ endpoint, tls, behindProxy }: WebOptions): Server {
  if (tls !== null) return createTls(tls);
  if (!isLoopbackHost(endpoint.host) && !behindProxy) {
    throw new ServerUsageFault(
      'plain-http-refused',
      `plain http at ${formatEndpoint(endpoint)} would carry pages in the clear: give --tls-cert and --tls-key, ` +
        'or --behind-proxy if a TLS proxy stands in front, or listen at 127.0.0.1',
    );
  }
  return createPlainServer(HTTP_OPTIONS);
}

/** The origin that invitations name. Throws `url-malformed`. */
export function webOrigin({ endpoint, domain, tls, behindProxy, publicUrl }: WebOptions, port: number): string {
  if (publicUrl !== null) return parseOrigin(publicUrl);
  if (behindProxy) throw new ServerUsageFault('url-malformed', 'behind a proxy --url must say the address people use');
  if (tls === null) return `http://${formatEndpoint({ host: endpoint.host, port })}`;
  return port === 443 ? `https://${domain}` : `https://${domain}:${port}`;
}

/** The origins of pages that are our own: the machine has two names. */
export function webOrigins(origin: string): ReadonlySet<string> {
  const { protocol, hostname, port } = new URL(origin);
  if (!isLoopbackHost(hostname.replaceAll(/[[\]]/g, ''))) return new Set([origin]);
  const suffix = port === '' ? '' : `:${port}`;
  return new Set([origin, `${protocol}//localhost${suffix}`, `${protocol}//127.0.0.1${suffix}`]);
}

/** Bounds of every HTTP server of ours. */
export const HTTP_OPTIONS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 10_000,
  connectionsCheckingInterval: 5_000,
} as const;

function createTls({ certFile, keyFile }: NonNullable<WebOptions['tls']>): Server {
  try {
    const pem = { cert: readFileSync(certFile), key: readFileSync(keyFile) };
    return createTlsServer({ ...HTTP_OPTIONS, ...pem, minVersion: 'TLSv1.2' }) as unknown as Server;
  } catch (cause) {
    throw new ServerUsageFault('tls-unusable', 'the certificate or key of the web listener cannot be used', { cause });
  }
}

function parseOrigin(text: string): string {
  const url = URL.parse(text);
  const isOrigin = url !== null && url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '';
  if (isOrigin && (url.protocol === 'https:' || isLoopbackHost(url.hostname.replaceAll(/[[\]]/g, ''))))
    return url.origin;
  throw new ServerUsageFault('url-malformed', '--url is the https address that people type, without a path');
}
