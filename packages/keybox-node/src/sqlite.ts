import { createRequire } from 'node:module';

/** What this package uses of a better-sqlite3 connection; the package hides its own types. */
export interface Connection {
  pragma(source: string): unknown;
  /** Sets the key of an encrypted database. */
  key(key: Buffer): number;
  exec(sql: string): void;
  prepare(sql: string): Statement;
  transaction(work: () => void): { immediate(): void };
  close(): void;
}

export interface Statement {
  all(...parameters: readonly unknown[]): unknown[];
  get(...parameters: readonly unknown[]): unknown;
  run(...parameters: readonly unknown[]): unknown;
}

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
  return cause instanceof Error && 'code' in cause && String(cause.code).startsWith('SQLITE_')
    ? String(cause.code)
    : null;
}

// CommonJS, and its declarations do not resolve under this project's settings.
const Sqlite = createRequire(import.meta.url)('better-sqlite3-multiple-ciphers') as new (
  path: string,
  options: ConnectionOptions,
) => Connection;
