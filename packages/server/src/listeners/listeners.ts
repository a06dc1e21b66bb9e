import type { IncomingMessage, Server } from 'node:http';
import type { ChannelClock, ChannelTimer } from '@sotto/protocol';
import manifest from '../../package.json' with { type: 'json' };
import { type BlobDoor, serveBlobs } from '../blobs/blob-http.ts';
import type { Blobs } from '../blobs/blobs.ts';
import type { Cluster } from '../cluster.ts';
import type { FirstStart } from '../first-start.ts';
import type { ServerLimits } from '../limits.ts';
import type { Logger } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createRest } from '../rest/app.ts';
import type { ProblemCode } from '../rest/problem.ts';
import type { SessionGate } from '../sessions/gate.ts';
import type { SessionRegistry } from '../sessions/registry.ts';
import type { Store } from '../store/store.ts';
import { TokenBuckets } from '../throttle/token-bucket.ts';
import type { WebClient } from '../web/client.ts';
import { bind, unbind } from './bind.ts';
import { type Endpoint, formatEndpoint, parseEndpoint } from './endpoint.ts';
import { createNativeServer } from './native.ts';
import { forwardedSource, isLocalRequest, sourceOf } from './source.ts';
import { serveChannels } from './upgrade.ts';
import { createWebServer, type WebOptions, webOrigin, webOrigins } from './web.ts';

/** Where a server listens and how it is reached. */
export interface ListenerOptions {
  /** `IP:PORT`; by default 127.0.0.1 and the port of the first start. A port other than 0 counts from now on. */
  readonly listen: string | undefined;
  /** By default the host of `listen`. */
  readonly nativeListen: string | undefined;
  /** PEM files for the web listener. */
  readonly tls: { readonly certFile: string; readonly keyFile: string } | undefined;
  /** A TLS proxy stands before the web listener, which may speak plain http then and reads X-Forwarded-For. */
  readonly behindProxy: boolean | undefined;
  /** The web listener's address as people type it. */
  readonly url: string | undefined;
}

export interface ListenerParts {
  readonly store: Store;
  readonly cluster: Cluster;
  readonly blobs: Blobs;
  readonly registry: SessionRegistry;
  readonly gate: SessionGate;
  readonly limits: ServerLimits;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: ChannelClock;
  readonly timer: ChannelTimer;
  readonly chosen: FirstStart | null;
  readonly webClient: WebClient | null;
  now(): number;
}

export interface Listeners {
  readonly url: string;
  readonly nativeUrl: string;
  readonly webPort: number;
  readonly nativePort: number;
  /** Lets nobody in any more, lets those inside finish, and closes. */
  close(): Promise<void>;
}

/** Opens both listeners. Throws `listen-malformed`, `listen-failed`, `plain-http-refused`, `url-malformed`, `tls-unusable`. */
export async function openListeners(options: Partial<ListenerOptions>, parts: ListenerParts): Promise<Listeners> {
  const { cluster, chosen, gate } = parts;
  const endpoint = settle(parseEndpoint(options.listen ?? '127.0.0.1:0'), chosen?.web);
  const native = settle(
    parseEndpoint(options.nativeListen ?? formatEndpoint({ ...endpoint, port: 0 })),
    chosen?.native,
  );
  const { tls = null, behindProxy = false, url = null } = options;
  const webOptions: WebOptions = { endpoint, domain: cluster.domain, tls, behindProxy, publicUrl: url };
  const webServer = createWebServer(webOptions);
  let stopping = false;
  const isStopping = (): boolean => stopping;
  const blobDoor = serveBlobs({ ...parts, isStopping });
  const nativeServer = createNativeServer(cluster, blobDoor);
  await using opening = new AsyncDisposableStack();
  opening.defer(() => unbind(webServer));
  opening.defer(() => unbind(nativeServer));
  const webPort = await bind(webServer, endpoint);
  const nativePort = await bind(nativeServer, native);
  const origin = webOrigin(webOptions, webPort);

  const door = { ...parts, behindProxy, isStopping, blobDoor };
  const origins = webOrigins(origin);
  await serveRest(webServer, { door, isTls: origin.startsWith('https:'), origins });
  serve(webServer, { door, origins });
  serve(nativeServer, { door: { ...door, behindProxy: false }, origins: new Set() });
  const servers = opening.move();
  return {
    url: origin,
    nativeUrl: `https://${formatEndpoint({ host: native.host, port: nativePort })}`,
    webPort,
    nativePort,
    async close() {
      stopping = true;
      const closed = servers.disposeAsync();
      await gate.drain();
      await parts.blobs.close();
      for (const server of [webServer, nativeServer]) server.closeAllConnections();
      await closed;
    },
  };
}

interface Door extends ListenerParts {
  readonly blobDoor: BlobDoor;
  readonly behindProxy: boolean;
  isStopping(): boolean;
}

function serve(
  server: Server,
  { door, origins }: { readonly door: Door; readonly origins: ReadonlySet<string> },
): void {
  const { registry, limits, gate, isStopping } = door;
  const refuse = (source: string): ProblemCode | null => {
    if (isStopping()) return 'stopping';
    const isFull =
      registry.connections >= limits.sessions || registry.connectionsOf(source) >= limits.sessionsPerSource;
    return isFull ? 'too-many-sessions' : null;
  };
  serveChannels(server, {
    origins,
    refuse,
    sourceOf: sourceReader(door),
    enter: (socket, source) => void gate.enter(socket, source),
  });
}

async function serveRest(
  server: Server,
  face: { readonly door: Door; readonly isTls: boolean; readonly origins: ReadonlySet<string> },
): Promise<void> {
  const { door } = face;
  await createRest(server, {
    ...face,
    ...door,
    version: manifest.version,
    invitationLooks: new TokenBuckets(door.clock, door.limits.invitationLooks),
    sourceOf: sourceReader(door),
    isLocal: isLocalRequest,
  });
}

function sourceReader({ behindProxy }: Pick<Door, 'behindProxy'>): (request: IncomingMessage) => string {
  return ({ headers, socket }) =>
    behindProxy ? forwardedSource(headers['x-forwarded-for'], socket.remoteAddress) : sourceOf(socket.remoteAddress);
}

/** Port 0 stands for the one of the first start. */
function settle(endpoint: Endpoint, chosenPort: number | undefined): Endpoint {
  return endpoint.port === 0 && chosenPort !== undefined ? { ...endpoint, port: chosenPort } : endpoint;
}
