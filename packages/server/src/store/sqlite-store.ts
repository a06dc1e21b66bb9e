import { chmodSync, closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Fault } from '@sotto/bytes';
import { ProtocolPolicyFault } from '@sotto/protocol';
import { groupCommit, type Writer } from './group-commit.ts';
import { migrate } from './migrate.ts';
import { type Connection, connect, queries, sqliteCode } from './sqlite.ts';
import type { Database, Store } from './store.ts';

export interface SqliteOptions {
  /** Largest size of the database in bytes; beyond it writing is `disk-full`. Null or missing: what the disk holds. */
  readonly maxBytes?: number | null;
}

/** Opens the database at `path`, made if it is missing, with mode 0600 in a folder of mode 0700. */
export function openSqliteStore(path: string, { maxBytes = null }: SqliteOptions = {}): Store {
  makePrivate(path);
  const writing = connect(path, { readonly: false, maxBytes });
  migrate(writing);
  const reading = connect(path, { readonly: true, maxBytes: null });
  const reader = queries(reading);
  const commits = groupCommit(sqliteWriter(writing, queries(writing)));
  return {
    kind: 'sqlite',
    read: (query) => query(reader),
    transact: (job) => commits.transact(job),
    // A file has nobody who could take it over: the data directory is locked.
    lost: new Promise(() => undefined),
    async close() {
      await commits.drain();
      reading.close();
      writing.close();
    },
  };
}

/** Writes through one connection. */
export function sqliteWriter(connection: Connection, database: Database): Writer {
  const run = async (sql: string): Promise<void> => void connection.exec(sql);
  return {
    maxBatch: MAX_BATCH,
    async begin() {
      await run('begin immediate');
      return database;
    },
    savepoint: () => run('savepoint job'),
    release: () => run('release job'),
    undo: () => run('rollback to job; release job'),
    commit: () => run('commit'),
    async abandon() {
      if (connection.inTransaction) await run('rollback');
    },
    batchFault: diskFault,
  };
}

/** The disk's troubles end the whole batch: none of its jobs can be promised any more. */
function diskFault(cause: unknown): Fault | null {
  if (!/^SQLITE_(?:FULL|IOERR)/.test(sqliteCode(cause) ?? '')) return null;
  return new ProtocolPolicyFault('disk-full', 'the server cannot store more', { cause });
}

/** SQLite gives its journals the mode of the database. */
function makePrivate(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, 'a', 0o600));
  chmodSync(path, 0o600);
}

const MAX_BATCH = 1000;
