import { concat, utf8 } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import {
  KeyboxPeerFault,
  KeyboxPolicyFault,
  KeyboxUsageFault,
  type OpenPart,
  type SqlStatement,
  type SqlValue,
} from '@sotto/keybox';
import { Database, SqliteError } from './database.ts';
import type { Sqlite } from './sqlite-module.ts';
import { MemoryFile, type SyncFile } from './sync-file.ts';

/** The files of a part, open: the database, and its journal of either kind. */
export interface PartFiles {
  readonly database: SyncFile;
  readonly wal: SyncFile;
  readonly journal: SyncFile;
}

/** One part of a vault: an SQLCipher-4 database under a raw key. */
export class SqlCipherPart implements OpenPart {
  readonly #opened: Database;
  readonly #close: () => void;
  #isClosed = false;

  /** Throws `vault-damaged` if the database does not open under the key. */
  constructor(sqlite: Sqlite, files: PartFiles, key: Secret) {
    const { database, close } = openFiles(sqlite, files);
    this.#opened = database;
    this.#close = close;
    try {
      guarded(() => {
        unlockDatabase(database, key);
        for (const pragma of PRAGMAS) database.run(`PRAGMA ${pragma}`);
      });
    } catch (cause) {
      close();
      throw cause;
    }
  }

  async query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly Row[]> {
    return guarded(() => this.#database.run(sql, parameters)) as Row[];
  }

  async apply(statements: readonly SqlStatement[]): Promise<void> {
    const database = this.#database;
    guarded(() => {
      database.run('BEGIN IMMEDIATE');
      try {
        for (const { sql, parameters } of statements) database.run(sql, parameters);
        database.run('COMMIT');
      } catch (cause) {
        // Some failures have rolled back by themselves.
        if (!database.isIdle) database.run('ROLLBACK');
        throw cause;
      }
    });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    this.#close();
  }

  /** Calls may be under way when their account is locked. */
  get #database(): Database {
    if (this.#isClosed) throw new KeyboxPolicyFault('locked', 'the account was locked');
    return this.#opened;
  }
}

/** Whether bytes answer as a database, under the key or, for null, as a plain one. */
export function opens(sqlite: Sqlite, bytes: Uint8Array, key: Secret | null): boolean {
  const files = { database: new MemoryFile(bytes), wal: new MemoryFile(), journal: new MemoryFile() };
  const { database, close } = openFiles(sqlite, files);
  try {
    if (key === null) database.run(PROBE);
    else unlockDatabase(database, key);
    return true;
  } catch (cause) {
    if (cause instanceof SqliteError && kindOf(cause) === SQLITE_NOTADB) return false;
    throw cause;
  } finally {
    close();
  }
}

function openFiles(sqlite: Sqlite, files: PartFiles): { readonly database: Database; readonly close: () => void } {
  const name = `${++opened}.db`;
  const { vfs } = sqlite;
  vfs.lend(name, files.database);
  vfs.lend(`${name}-wal`, files.wal);
  vfs.lend(`${name}-journal`, files.journal);
  const database = new Database(sqlite, name);
  // Before the first page is read: the index of the journal would be looked for in shared memory, which there is none of.
  database.run('PRAGMA locking_mode = EXCLUSIVE');
  let isOpen = true;
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    database.close();
    for (const suffix of ['', '-wal', '-journal']) vfs.take(`${name}${suffix}`);
  };
  return { database, close };
}

function unlockDatabase(database: Database, key: Secret): void {
  database.run("PRAGMA cipher = 'sqlcipher'");
  database.run('PRAGMA legacy = 4');
  const sql = key.use(keyStatement);
  database.runSecret(sql);
  sql.fill(0);
  database.run(PROBE);
}

/** `PRAGMA key = "x'…'"`, byte by byte: a text could not be wiped. */
function keyStatement(key: Uint8Array): Uint8Array {
  const digits = new Uint8Array(2 * key.length);
  for (const [i, byte] of key.entries()) {
    digits[2 * i] = HEX[byte >> 4] as number;
    digits[2 * i + 1] = HEX[byte & 15] as number;
  }
  const sql = concat(utf8('PRAGMA key = "x\''), digits, utf8('\'"'));
  digits.fill(0);
  return sql;
}

function guarded<Result>(work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    const kind = cause instanceof SqliteError ? kindOf(cause) : SQLITE_OK;
    if (kind === SQLITE_FULL) throw diskFull(cause);
    if (!DAMAGED.has(kind)) throw cause;
    const message = 'a part of the vault does not open: restore it from a backup';
    throw new KeyboxPeerFault('vault-damaged', message, { cause });
  }
}

export function diskFull(cause: unknown): KeyboxUsageFault {
  return new KeyboxUsageFault('disk-full', 'the browser gives no more space: free some; nothing was lost', { cause });
}

function kindOf({ code }: SqliteError): number {
  return code & 0xff;
}

let opened = 0;

const PROBE = 'SELECT count(*) FROM sqlite_master';
/** Temporary tables stay in memory: their files would not be encrypted. What is not in the cache is decrypted anew. */
const PRAGMAS = [
  'journal_mode = WAL',
  'synchronous = FULL',
  'secure_delete = ON',
  'temp_store = MEMORY',
  'cache_size = -16000',
];
const HEX = utf8('0123456789abcdef');
const SQLITE_OK = 0;
const SQLITE_CORRUPT = 11;
const SQLITE_FULL = 13;
const SQLITE_CANTOPEN = 14;
const SQLITE_NOTADB = 26;
const DAMAGED: ReadonlySet<number> = new Set([SQLITE_CORRUPT, SQLITE_CANTOPEN, SQLITE_NOTADB]);
