import Sqlite from 'better-sqlite3-multiple-ciphers';

export type Connection = Sqlite.Database;
export type Statement = Sqlite.Statement;

export interface ConnectionOptions {
  readonly readonly?: boolean;
  /** How long a statement waits for another process, milliseconds. */
  readonly timeout: number;
}

export function openConnection(path: string, options: ConnectionOptions): Connection {
  return new Sqlite(path, options);
}

/** SQLite's name for the failure, such as SQLITE_BUSY; null for anything else that was thrown. */
export function sqliteCode(cause: unknown): string | null {
  return cause instanceof Sqlite.SqliteError ? cause.code : null;
}
