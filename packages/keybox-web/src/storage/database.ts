import { utf8 } from '@sotto/bytes';
import type { SqlValue } from '@sotto/keybox';
import type { Sqlite, SqliteModule } from './sqlite-module.ts';

/** SQLite's own failure; the low byte of `code` is its kind. */
export class SqliteError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export type Row = Record<string, SqlValue>;

interface Statement {
  readonly pointer: number;
  readonly columns: readonly string[];
}

/**
 * One connection to a database. Unlike the library's own interface it is synchronous, so that nothing comes between the
 * statements of a transaction; and empty byte strings and texts with a NUL stay what they are.
 */
export class Database {
  readonly #module: SqliteModule;
  readonly #pointer: number;
  readonly #statements = new Map<string, Statement>();

  /** Opens the file that was lent under the name. Throws `SqliteError`. */
  constructor({ module }: Sqlite, name: string) {
    this.#module = module;
    const out = module._sqlite3_malloc(8);
    const text = this.#copy(utf8(`${name}\0`));
    const code = module._sqlite3_open_v2(text, out, OPEN_READWRITE_CREATE, 0);
    this.#pointer = module.getValue(out, '*');
    module._sqlite3_free(text);
    module._sqlite3_free(out);
    if (code !== SQLITE_OK) throw this.#failed(code);
  }

  /** Whether no transaction is open. */
  get isIdle(): boolean {
    return this.#module._sqlite3_get_autocommit(this.#pointer) !== 0;
  }

  /** Runs a statement to its end; the next time it is ready. Throws `SqliteError`. */
  run(sql: string, parameters: readonly SqlValue[] = []): Row[] {
    const known = this.#statements.get(sql) ?? this.#prepare(utf8(sql));
    this.#statements.set(sql, known);
    return this.#execute(known, parameters);
  }

  /** Runs a statement once, whose text is wiped. */
  runSecret(sql: Uint8Array): void {
    const statement = this.#prepare(sql);
    try {
      this.#execute(statement, []);
    } finally {
      this.#module._sqlite3_finalize(statement.pointer);
    }
  }

  close(): void {
    for (const { pointer } of this.#statements.values()) this.#module._sqlite3_finalize(pointer);
    this.#statements.clear();
    this.#module._sqlite3_close_v2(this.#pointer);
  }

  #prepare(sql: Uint8Array): Statement {
    const module = this.#module;
    const text = this.#copy(sql);
    const out = module._sqlite3_malloc(8);
    const code = module._sqlite3_prepare_v2(this.#pointer, text, sql.length, out, 0);
    const pointer = module.getValue(out, '*');
    module.HEAPU8.fill(0, text, text + sql.length);
    module._sqlite3_free(text);
    module._sqlite3_free(out);
    if (code !== SQLITE_OK) throw this.#failed(code);
    const columns = Array.from({ length: module._sqlite3_column_count(pointer) }, (_, i) =>
      module.UTF8ToString(module._sqlite3_column_name(pointer, i)),
    );
    return { pointer, columns };
  }

  #execute({ pointer, columns }: Statement, parameters: readonly SqlValue[]): Row[] {
    const module = this.#module;
    const rows: Row[] = [];
    try {
      if (parameters.length !== module._sqlite3_bind_parameter_count(pointer)) {
        throw new SqliteError(SQLITE_RANGE, 'another number of parameters than the statement has');
      }
      for (const [i, value] of parameters.entries()) this.#bind(pointer, i + 1, value);
      for (;;) {
        const code = module._sqlite3_step(pointer);
        if (code === SQLITE_DONE) return rows;
        if (code !== SQLITE_ROW) throw this.#failed(code);
        rows.push(Object.fromEntries(columns.map((name, i) => [name, this.#column(pointer, i)])));
      }
    } finally {
      module._sqlite3_reset(pointer);
      module._sqlite3_clear_bindings(pointer);
    }
  }

  #bind(statement: number, position: number, value: SqlValue): void {
    const module = this.#module;
    const free = module._getSqliteFree();
    const bind = (): number => {
      if (value === null) return module._sqlite3_bind_null(statement, position);
      if (typeof value === 'number') {
        return Number.isInteger(value) && value === (value | 0)
          ? module._sqlite3_bind_int(statement, position, value)
          : module._sqlite3_bind_double(statement, position, value);
      }
      if (typeof value !== 'string') {
        return module._sqlite3_bind_blob(statement, position, this.#copy(value), value.length, free);
      }
      const text = utf8(value);
      return module._sqlite3_bind_text(statement, position, this.#copy(text), text.length, free);
    };
    const code = bind();
    if (code !== SQLITE_OK) throw this.#failed(code);
  }

  #column(statement: number, i: number): SqlValue {
    const module = this.#module;
    switch (module._sqlite3_column_type(statement, i)) {
      case SQLITE_INTEGER: {
        const low = module._sqlite3_column_int64(statement, i);
        return module._getTempRet0() * 2 ** 32 + (low >>> 0);
      }
      case SQLITE_FLOAT:
        return module._sqlite3_column_double(statement, i);
      case SQLITE_TEXT: {
        const start = module._sqlite3_column_text(statement, i);
        return decoder.decode(module.HEAPU8.subarray(start, start + module._sqlite3_column_bytes(statement, i)));
      }
      case SQLITE_BLOB: {
        const start = module._sqlite3_column_blob(statement, i);
        return module.HEAPU8.slice(start, start + module._sqlite3_column_bytes(statement, i));
      }
      default:
        return null;
    }
  }

  /** In SQLite's memory; never nothing, which would be NULL. */
  #copy(bytes: Uint8Array): number {
    const pointer = this.#module._sqlite3_malloc(Math.max(1, bytes.length));
    if (pointer === 0) throw new SqliteError(SQLITE_NOMEM, 'out of memory');
    this.#module.HEAPU8.set(bytes, pointer);
    return pointer;
  }

  #failed(code: number): SqliteError {
    const module = this.#module;
    const message = module.UTF8ToString(module._sqlite3_errmsg(this.#pointer));
    return new SqliteError(module._sqlite3_extended_errcode(this.#pointer) || code, message);
  }
}

const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

const OPEN_READWRITE_CREATE = 6;
const SQLITE_OK = 0;
const SQLITE_NOMEM = 7;
const SQLITE_RANGE = 25;
const SQLITE_ROW = 100;
const SQLITE_DONE = 101;
const SQLITE_INTEGER = 1;
const SQLITE_FLOAT = 2;
const SQLITE_TEXT = 3;
const SQLITE_BLOB = 4;
