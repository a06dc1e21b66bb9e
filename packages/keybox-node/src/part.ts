import type { Secret } from '@sotto/crypto';
import { KeyboxPeerFault, KeyboxUsageFault, type OpenPart, type SqlStatement, type SqlValue } from '@sotto/keybox';
import { storing } from './files.ts';
import { type Connection, openConnection, type Statement, sqliteCode } from './sqlite.ts';

/** One part of a vault: an SQLCipher-4 database under a raw key. */
export class SqlCipherPart implements OpenPart {
  readonly #database: Connection;
  readonly #statements = new Map<string, Statement>();

  /** The file exists. Throws `vault-damaged` if it does not open under the key. */
  constructor(path: string, key: Secret) {
    this.#database = openConnection(path, { timeout: BUSY_MILLISECONDS });
    try {
      guarded(() => {
        unlockDatabase(this.#database, key);
        for (const pragma of PRAGMAS) this.#database.pragma(pragma);
      });
    } catch (cause) {
      this.#database.close();
      throw cause;
    }
  }

  async query<Row>(sql: string, parameters: readonly SqlValue[] = []): Promise<readonly Row[]> {
    const rows = guarded(() => this.#prepare(sql).all(...parameters)) as Record<string, unknown>[];
    return rows.map(plainRow) as Row[];
  }

  async apply(statements: readonly SqlStatement[]): Promise<void> {
    const all = this.#database.transaction(() => {
      for (const { sql, parameters = [] } of statements) this.#prepare(sql).run(...parameters);
    });
    guarded(() => all.immediate());
  }

  async close(): Promise<void> {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): Statement {
    const known = this.#statements.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare(sql);
    this.#statements.set(sql, prepared);
    return prepared;
  }
}

/** Whether the database answers, under the key or, for null, as a plain one. */
export function opens(path: string, key: Secret | null): boolean {
  const database = openConnection(path, { readonly: true, timeout: BUSY_MILLISECONDS });
  try {
    if (key === null) database.prepare('SELECT count(*) FROM sqlite_master').get();
    else unlockDatabase(database, key);
    return true;
  } catch (cause) {
    if (sqliteCode(cause) === 'SQLITE_NOTADB') return false;
    throw cause;
  } finally {
    database.close();
  }
}

function unlockDatabase(database: Connection, key: Secret): void {
  database.pragma("cipher = 'sqlcipher'");
  database.pragma('legacy = 4');
  const text = key.use((bytes) => Buffer.from(`x'${Buffer.from(bytes).toString('hex')}'`, 'latin1'));
  database.key(text);
  text.fill(0);
  database.prepare('SELECT count(*) FROM sqlite_master').get();
}

function guarded<Result>(work: () => Result): Result {
  try {
    return storing(work);
  } catch (cause) {
    const code = sqliteCode(cause) ?? '';
    if (DAMAGED.test(code)) {
      throw new KeyboxPeerFault('vault-damaged', 'a part of the vault does not open: restore it from a backup', {
        cause,
      });
    }
    if (!code.startsWith('SQLITE_BUSY')) throw cause;
    throw new KeyboxUsageFault('vault-busy', 'another program is using this vault: try again', { cause });
  }
}

/** Byte strings as every platform has them. */
function plainRow(row: Record<string, unknown>): Record<string, unknown> {
  for (const [name, value] of Object.entries(row)) {
    if (value instanceof Uint8Array) row[name] = Uint8Array.from(value);
  }
  return row;
}

const DAMAGED = /^SQLITE_(?:NOTADB|CORRUPT|CANTOPEN)/;
const BUSY_MILLISECONDS = 10_000;
/** Temporary tables stay in memory: their files would not be encrypted. */
const PRAGMAS = ['journal_mode = WAL', 'synchronous = FULL', 'secure_delete = ON', 'temp_store = MEMORY'];
