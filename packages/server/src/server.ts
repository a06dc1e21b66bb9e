import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Fault, hex } from '@sotto/bytes';
import type { Primitives } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { type AuditEvent, formatInvitation } from '@sotto/protocol';
import { ownerInvitation } from './accounts/invitations.ts';
import { monotonicClock, systemNow, systemTimer } from './adapters/clock.ts';
import { appendAudit, lastEntry } from './admin/audit.ts';
import { type AuditExportOptions, startAuditExport } from './admin/export/exporter.ts';
import { UNFINISHED } from './backup/restore.ts';
import { claimStore, incarnationOf } from './cluster/claim.ts';
import { loadCluster } from './cluster.ts';
import { lockData } from './data-lock.ts';
import { ServerUsageFault } from './fault.ts';
import { type FirstStart, readFirstStart, writeFirstStart } from './first-start.ts';
import { type HomeOptions, openHome } from './home.ts';
import { type ListenerOptions, openListeners } from './listeners/listeners.ts';
import { createLogger, type Logger } from './log.ts';
import { type Replication, type ReplicationOptions, startReplication } from './replica/replication.ts';
import { acceptRestored } from './restored/settle.ts';
import { openPostgresStore, type PostgresOptions } from './store/postgres/store.ts';
import { openSqliteStore } from './store/sqlite-store.ts';
import { isUnavailable, type Store } from './store/store.ts';
import { readWebClient, type WebClient } from './web/client.ts';

export interface ServerOptions extends Partial<ListenerOptions>, AuditExportOptions, HomeOptions {
  /** Made if it is missing. */
  readonly dataDir: string;
  /** By default that of the first start, then `localhost`. */
  readonly domain?: string | undefined;
  /** PostgreSQL instead of SQLite in the data directory: a choice for good. */
  readonly database?: DatabaseOptions | undefined;
  /** The owner's decision about a restored server: what its members have given back is all, rooms and chains open. */
  readonly acceptRestored?: boolean | undefined;
  /** Folder of the built web client; without it the server serves none. */
  readonly web?: string | undefined;
  /** A second copy that is kept up to date. SQLite alone: PostgreSQL has its own. */
  readonly replica?: ReplicaOptions | undefined;
  readonly logger?: Logger | undefined;
  readonly primitives?: Primitives | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

interface ReplicaOptions extends Pick<ReplicationOptions, 'target' | 'intervalMilliseconds' | 'program'> {}

/** A database of PostgreSQL. */
export type DatabaseOptions = Omit<PostgresOptions, 'logger'>;

export interface RunningServer {
  /** Origin of the web listener. */
  readonly url: string;
  /** Origin of the native listener, under the cluster's own CA. */
  readonly nativeUrl: string;
  readonly domain: string;
  /** Hexadecimal. */
  readonly caFingerprint: string;
  /** Link by which the owner signs up; null once there is one. */
  readonly invitation: string | null;
  /** What of the web client people can compare; null for a server without one. */
  readonly web: Pick<WebClient, 'version' | 'hash' | 'keyFingerprint'> | null;
  /** Resolves when it cannot serve any more, because another server has taken its database over: close it. */
  readonly lost: Promise<Fault>;
  /** Finishes what was asked, then stops. */
  close(): Promise<void>;
}

/**
 * Starts a home server. Throws `data-in-use`, `data-unusable`, `database-mismatch` and the other faults of a database,
 * `audit-log-unusable`, `domain-mismatch`, `listen-malformed`, `listen-failed`, `plain-http-refused`, `url-malformed`, `tls-unusable`, `web-client-unusable`.
 */
export async function startServer(options: ServerOptions): Promise<RunningServer> {
  const {
    dataDir,
    primitives = nodePrimitives({ pooled: true }),
    now = systemNow,
    logger = createLogger('info'),
  } = options;
  const webClient = options.web === undefined ? null : await readWebClient(options.web, primitives);
  await using starting = new AsyncDisposableStack();
  starting.use(openData(dataDir));
  const chosen = readFirstStart(dataDir);
  const domain = options.domain ?? chosen?.domain ?? 'localhost';
  const store = await openDatabase(options, chosen, logger);
  starting.defer(() => store.close());
  const cluster = await loadCluster(dataDir, { domain, primitives, incarnation: await incarnationOf(store), now });
  await claimStore(store, cluster);
  if (options.acceptRestored === true) {
    await store.transact((database) => acceptRestored(database, cluster.incarnation));
  }

  const stopExport = await startAuditExport(options, { store, logger, timer: systemTimer, domain });
  starting.defer(stopExport);
  await tellStart(store, now());
  starting.defer(() => tellStop(store, now(), logger));

  const replication = openReplication(options, { store, logger, now });
  starting.defer(async () => replication?.close());
  const home = openHome({
    ...options,
    store,
    cluster,
    blobDirectory: join(dataDir, 'blobs'),
    primitives,
    logger,
    clock: monotonicClock,
    timer: systemTimer,
    now,
    replicaLagSeconds: replication?.lagSeconds,
  });
  starting.use(home);
  const listeners = await openListeners(options, { ...home, chosen, webClient });
  starting.defer(() => listeners.close());
  writeFirstStart(dataDir, { database: store.kind, domain, web: listeners.webPort, native: listeners.nativePort });

  const { url, nativeUrl } = listeners;
  const code = await ownerInvitation(store, cluster, { primitives, now });
  const { caFingerprint } = cluster;
  logger.info('started', { ownerExists: code === null });
  const running = starting.move();
  let closed: Promise<void> | null = null;
  running.defer(() => logger.info('stopping'));
  return {
    url,
    nativeUrl,
    domain,
    caFingerprint: hex(caFingerprint),
    invitation: code === null ? null : formatInvitation({ origin: url, code, caFingerprint }),
    web: webClient,
    lost: store.lost,
    close() {
      closed ??= running.disposeAsync().then(() => logger.info('stopped'));
      return closed;
    },
  };
}

/** A higher incarnation than at the last start says that a backup was put back. */
function tellStart(store: Store, at: number): Promise<void> {
  return store.transact(async (database) => {
    const { incarnation } = await database.selectFrom('cluster').select('incarnation').executeTakeFirstOrThrow();
    const detail = { incarnation };
    const before = (await lastEntry(database, 'server.started'))?.detail['incarnation'];
    if (before !== undefined && before !== incarnation) {
      await appendAudit(database, { at, actor: null, event: 'server.restored', detail });
    }
    await appendAudit(database, { at, actor: null, event: 'server.started', detail });
  });
}

function openReplication(
  { dataDir, replica }: ServerOptions,
  { store, logger, now }: { readonly store: Store; readonly logger: Logger; readonly now: () => number },
): Replication | null {
  if (replica === undefined) return null;
  if (store.kind === 'postgres') {
    throw new ServerUsageFault('database-mismatch', 'PostgreSQL keeps its second copies by its own replication');
  }
  return startReplication({ ...replica, dataDir, logger, now, timer: systemTimer });
}

function tellAudit(store: Store, event: AuditEvent, at: number): Promise<void> {
  return store.transact((database) => appendAudit(database, { at, actor: null, event }));
}

/** A server may well stop because its database is gone. */
async function tellStop(store: Store, at: number, logger: Logger): Promise<void> {
  try {
    await tellAudit(store, 'server.stopped', at);
  } catch (cause) {
    if (!isUnavailable(cause)) throw cause;
    logger.warn('stop-unrecorded');
  }
}

/** Throws `database-mismatch` if the data directory belongs to a database of the other kind. */
async function openDatabase(
  { dataDir, database }: ServerOptions,
  chosen: FirstStart | null,
  logger: Logger,
): Promise<Store> {
  const path = join(dataDir, 'sotto.db');
  const used = chosen?.database ?? (existsSync(path) ? 'sqlite' : null);
  if (database === undefined && used === 'postgres') {
    throw new ServerUsageFault('database-mismatch', 'the data directory belongs to a database of PostgreSQL');
  }
  if (database === undefined) return openSqliteStore(path);
  if (used !== 'sqlite') return openPostgresStore({ ...database, logger });
  throw new ServerUsageFault('database-mismatch', 'the data directory has a database of its own, in sotto.db');
}

function openData(dataDir: string): Disposable {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ServerUsageFault('data-unusable', 'the data directory cannot be made or entered', { cause });
  }
  if (existsSync(join(dataDir, UNFINISHED))) {
    throw new ServerUsageFault(
      'data-unusable',
      'a restore into this directory was cut off: remove it and restore anew',
    );
  }
  return lockData(dataDir);
}
