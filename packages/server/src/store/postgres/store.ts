import { BugFault } from '@sotto/bytes';
import pg from 'pg';
import type { Logger } from '../../log.ts';
import { groupCommit } from '../group-commit.ts';
import type { Database, Store } from '../store.ts';
import { type Access, type AccessOptions, databaseAccess } from './access.ts';
import { Client, clientConfig, connectionLost, queries } from './client.ts';
import { openingFault, storageFault } from './fault.ts';
import { WriterLink } from './link.ts';
import { checkServer, isCurrent, migratePostgres } from './schema.ts';
import { DatabaseSession, SETTINGS } from './session.ts';
import { PostgresWriter } from './writer.ts';

export interface PostgresOptions extends AccessOptions {
  /** Another role on the same database, for changes of the schema alone; by default the same role makes them. */
  readonly migration?: Pick<AccessOptions, 'url' | 'passwordFile'> | undefined;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
}

/**
 * Opens a database of PostgreSQL: one connection writes and holds the lock of the database, a few read. Throws
 * `database-malformed`, `database-password-exposed`, `database-unreachable`, `database-unusable`, `database-in-use`,
 * `data-unusable` for the schema of a newer program.
 */
export async function openPostgresStore({ migration, logger, ...options }: PostgresOptions): Promise<Store> {
  const access = databaseAccess(options);
  const migrationAccess = migration === undefined ? null : databaseAccess({ ...options, ...migration });
  const prepare = async (session: DatabaseSession) => {
    await checkServer(session.client);
    if (!(await isCurrent(session.client))) await changeSchema(session, migrationAccess);
  };
  const link = await WriterLink.open(access, { logger, prepare });
  const readers = readerPool(access);
  const commits = groupCommit(new PostgresWriter(link));
  let closed: Promise<void> | null = null;
  const close = async () => {
    await commits.drain();
    await readers.close();
    await link.close();
  };
  return {
    kind: 'postgres',
    lost: link.lost,
    async read(query) {
      await link.ready();
      return readers.read(query);
    },
    transact: (job) => commits.transact(job),
    close() {
      closed ??= close();
      return closed;
    },
  };
}

/** The session holds the lock, so nobody else changes the schema meanwhile. */
async function changeSchema(session: DatabaseSession, access: Access | null): Promise<void> {
  if (access === null) return migratePostgres(session.client);
  const migrating = await DatabaseSession.open(access, 'migration');
  try {
    await migratePostgres(migrating.client);
  } catch (cause) {
    throw openingFault(cause);
  } finally {
    await migrating.close();
  }
}

interface ReaderPool {
  read<Result>(query: (database: Database) => Promise<Result>): Promise<Result>;
  close(): Promise<void>;
}

function readerPool(access: Access): ReaderPool {
  const clients = new WeakMap<pg.PoolClient, Client>();
  const pool = new pg.Pool({ ...clientConfig(access, 'sotto reader'), max: MAX_READERS, idleTimeoutMillis: 60_000 });
  // An idle connection that breaks is replaced, and the query that runs on one is told.
  pool.on('error', () => undefined);
  pool.on('connect', (driver) => void driver.on('error', () => undefined));
  const database = queries(async () => {
    const driver = await pool.connect().catch((cause: unknown) => {
      throw cause instanceof pg.DatabaseError ? cause : connectionLost(cause);
    });
    const client = clients.get(driver) ?? new Client(driver);
    const release = () => driver.release(client.isBroken);
    if (!clients.has(driver)) await prepareReader(client, release);
    clients.set(driver, client);
    return { client, release };
  });
  return {
    async read(query) {
      try {
        return await query(database);
      } catch (cause) {
        if (cause instanceof pg.DatabaseError && cause.code === READ_ONLY)
          throw new BugFault('a reader that writes', { cause });
        throw storageFault(cause) ?? cause;
      }
    },
    close: () => pool.end(),
  };
}

async function prepareReader(client: Client, release: () => void): Promise<void> {
  try {
    await client.run(`${SETTINGS}; set default_transaction_read_only = on`);
  } catch (cause) {
    release();
    throw cause;
  }
}

const MAX_READERS = 4;
const READ_ONLY = '25006';
