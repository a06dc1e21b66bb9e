import createModule from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.mjs';
import wasmUrl from '@journeyapps/wa-sqlite/dist/mc-wa-sqlite.wasm?url';
import { VaultVfs } from './vault-vfs.ts';

/** SQLite with its ciphers, and the files that it sees. */
export interface Sqlite {
  readonly module: SqliteModule;
  readonly vfs: VaultVfs;
}

/** What is used of the module: C's functions, pointers as numbers. */
export interface SqliteModule {
  /** Replaced whenever the memory grows. */
  readonly HEAPU8: Uint8Array;
  _getSqliteFree(): number;
  _getTempRet0(): number;
  _sqlite3_malloc(sizeBytes: number): number;
  _sqlite3_free(pointer: number): void;
  _sqlite3_open_v2(name: number, database: number, flags: number, vfs: number): number;
  _sqlite3_close_v2(database: number): number;
  _sqlite3_extended_errcode(database: number): number;
  _sqlite3_errmsg(database: number): number;
  _sqlite3_get_autocommit(database: number): number;
  _sqlite3_prepare_v2(database: number, sql: number, sizeBytes: number, statement: number, tail: number): number;
  _sqlite3_bind_parameter_count(statement: number): number;
  _sqlite3_bind_null(statement: number, position: number): number;
  _sqlite3_bind_int(statement: number, position: number, value: number): number;
  _sqlite3_bind_double(statement: number, position: number, value: number): number;
  _sqlite3_bind_text(statement: number, position: number, text: number, sizeBytes: number, free: number): number;
  _sqlite3_bind_blob(statement: number, position: number, bytes: number, sizeBytes: number, free: number): number;
  _sqlite3_step(statement: number): number;
  _sqlite3_reset(statement: number): number;
  _sqlite3_clear_bindings(statement: number): number;
  _sqlite3_finalize(statement: number): number;
  _sqlite3_column_count(statement: number): number;
  _sqlite3_column_name(statement: number, column: number): number;
  _sqlite3_column_type(statement: number, column: number): number;
  _sqlite3_column_double(statement: number, column: number): number;
  /** The low half; the high one is `_getTempRet0`. */
  _sqlite3_column_int64(statement: number, column: number): number;
  _sqlite3_column_text(statement: number, column: number): number;
  _sqlite3_column_blob(statement: number, column: number): number;
  _sqlite3_column_bytes(statement: number, column: number): number;
  ccall(name: string, result: string, types: readonly string[], input: readonly unknown[]): number;
  vfs_register(vfs: object, makeDefault: boolean): number;
  UTF8ToString(pointer: number): string;
  getValue(pointer: number, type: '*'): number;
}

/** Loads SQLite, once a worker. */
export function loadSqlite(): Promise<Sqlite> {
  loading ??= load();
  return loading;
}

async function load(): Promise<Sqlite> {
  const module = (await createModule({ locateFile: () => wasmUrl })) as SqliteModule;
  const vfs = new VaultVfs(VFS_NAME, module);
  module.vfs_register(vfs, false);
  // The cipher stands in front of it, as the default that every database is opened with.
  module.ccall('sqlite3mc_vfs_create', 'number', ['string', 'number'], [VFS_NAME, 1]);
  return { module, vfs };
}

let loading: Promise<Sqlite> | null = null;

const VFS_NAME = 'vault';
