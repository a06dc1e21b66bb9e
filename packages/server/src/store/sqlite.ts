import Sqlite from 'better-sqlite3-multiple-ciphers';
import { Kysely, type SqliteDatabase, SqliteDialect, type SqliteStatement } from 'kysely';
import type { Tables } from './tables.ts';

export type Connection = Sqlite.Database;

export interface ConnectionOptions {
  readonly readonly: boolean;
  /** Largest size of the database file; null for what the disk holds. */
  readonly maxBytes: number | null;
}

/** One connection: WAL, fsync with every commit, foreign keys, five seconds of patience with a locked file. */
export function connect(path: string, { readonly, maxBytes }: ConnectionOptions): Connection {
  const connection = new Sqlite(path, { readonly, timeout: BUSY_MILLISECONDS });
  connection.pragma('foreign_keys = on');
  if (readonly) return connection;
  connection.pragma('journal_mode = wal');
  connection.pragma('synchronous = full');
  connection.pragma('secure_delete = on');
  if (maxBytes !== null) {
    const pageBytes = connection.pragma('page_size', { simple: true }) as number;
    connection.pragma(`max_page_count = ${Math.ceil(maxBytes / pageBytes)}`);
  }
  return connection;
}

/** Kysely over a connection. Blobs come as Uint8Array, and each statement is prepared once. */
export function queries(connection: Connection): Kysely<Tables> {
  const prepared = new Map<string, SqliteStatement>();
  const database: SqliteDatabase = {
    close: () => connection.close(),
    prepare(sql) {
      const known = prepared.get(sql);
      if (known !== undefined) return known;
      if (prepared.size >= MAX_PREPARED) prepared.clear();
      const made = adapt(connection.prepare(sql));
      prepared.set(sql, made);
      return made;
    },
  };
  return new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
}

/** The result code of a failed SQLite call, `SQLITE_FULL` and the like; null for every other error. */
export function sqliteCode(cause: unknown): string | null {
  return cause instanceof Sqlite.SqliteError ? cause.code : null;
}

function adapt(statement: Sqlite.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => statement.all(...parameters).map(plainBytes),
    run: (parameters) => statement.run(...parameters),
    *iterate(parameters) {
      for (const row of statement.iterate(...parameters)) yield plainBytes(row);
    },
  };
}

/** A Buffer's `slice` shares memory and its equality is its own: nothing beyond this file meets one. */
function plainBytes(row: unknown): unknown {
  const record = row as Record<string, unknown>;
  for (const [column, value] of Object.entries(record)) {
    if (value instanceof Uint8Array) record[column] = new Uint8Array(value.buffer, value.byteOffset, value.length);
  }
  return record;
}

const BUSY_MILLISECONDS = 5000;
const MAX_PREPARED = 500;
