import { existsSync } from 'node:fs';
import { ServerUsageFault } from '../fault.ts';
import { migrations } from '../store/migrations/index.ts';
import { type Connection, connect, sqliteCode } from '../store/sqlite.ts';

/** What a database says of the cluster that it belongs to. */
export interface DatabaseFacts {
  readonly schema: number;
  /** Null before the first start came to its end. */
  readonly ca: Uint8Array | null;
  readonly incarnation: number;
}

/** Reads them from a copy. Throws `backup-damaged` for what is no database, `schema-newer` for one of a newer program. */
export function databaseFacts(path: string): DatabaseFacts {
  return readDatabase(path, (connection) => {
    const schema = connection.pragma('user_version', { simple: true }) as number;
    if (schema > migrations.length) {
      throw new ServerUsageFault(
        'schema-newer',
        `the database has schema ${schema}, this program ${migrations.length}`,
      );
    }
    const row = connection.prepare('select * from cluster').get() as { ca: Uint8Array | null; incarnation?: number };
    return { schema, ca: row.ca === null ? null : Uint8Array.from(row.ca), incarnation: row.incarnation ?? 1 };
  });
}

/** Addresses of the blobs that a database names, in hexadecimal, ascending; none before the schema that knows blobs. */
export function namedBlobs(connection: Connection): string[] {
  const known = connection.prepare("select 1 from sqlite_schema where name = 'blobs'").get();
  if (known === undefined) return [];
  const rows = connection.prepare('select lower(hex(hash)) as hash from blobs order by hash').all();
  return (rows as { readonly hash: string }[]).map(({ hash }) => hash);
}

/** Opens a database for reading alone. What SQLite finds wrong with it is `backup-damaged`. */
export function readDatabase<Result>(path: string, read: (connection: Connection) => Result): Result {
  if (!existsSync(path)) throw new ServerUsageFault('backup-damaged', 'the database is missing');
  const connection = connect(path, { readonly: true, maxBytes: null });
  try {
    return read(connection);
  } catch (cause) {
    if (sqliteCode(cause) === null) throw cause;
    throw new ServerUsageFault('backup-damaged', 'the database is damaged', { cause });
  } finally {
    connection.close();
  }
}
