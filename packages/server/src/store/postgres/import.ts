import { ServerUsageFault } from '../../fault.ts';
import { migrations } from '../migrations/index.ts';
import { type PortableTable, portableTables, quoted, quotedList } from '../portable.ts';
import { type Connection, connect } from '../sqlite.ts';
import { type AccessOptions, databaseAccess } from './access.ts';
import type { Client } from './client.ts';
import { openingFault } from './fault.ts';
import { checkServer, inTransaction, stepSql, tryLock } from './schema.ts';
import { DatabaseSession } from './session.ts';

/**
 * Fills an empty database of PostgreSQL with what a SQLite file of the newest schema holds, whole or not at all. Its
 * role must be the one that makes the schema. Throws what opening throws, `target-not-empty`.
 */
export async function importPostgres(options: AccessOptions, path: string): Promise<void> {
  await withEmpty(options, async (client) => {
    const connection = connect(path, { readonly: true, maxBytes: null });
    try {
      await inTransaction(client, () => copyAll(connection, client));
    } finally {
      connection.close();
    }
  });
}

/** Throws what `importPostgres` would throw before it writes. */
export function checkEmpty(options: AccessOptions): Promise<void> {
  return withEmpty(options, async () => undefined);
}

async function withEmpty(options: AccessOptions, work: (client: Client) => Promise<void>): Promise<void> {
  const access = databaseAccess(options);
  try {
    const session = await DatabaseSession.open(access, 'restore');
    try {
      await claimEmpty(session.client);
      await work(session.client);
    } finally {
      await session.close();
    }
  } catch (cause) {
    throw openingFault(cause);
  }
}

async function claimEmpty(client: Client): Promise<void> {
  await checkServer(client);
  if (!(await tryLock(client))) {
    throw new ServerUsageFault('database-in-use', 'another server runs on this database, or is restored into it');
  }
  const { rows } = await client.run(`select tablename from pg_tables where schemaname = 'public' limit 1`);
  if (rows.length > 0) throw new ServerUsageFault('target-not-empty', 'the database holds something already');
}

async function copyAll(connection: Connection, client: Client): Promise<void> {
  for (const index of migrations.keys()) await client.run(stepSql(migrations, index));
  const tables = portableTables(connection);
  // Rows that the schema begins with.
  for (const { name } of tables.toReversed()) await client.run(`delete from ${quoted(name)}`);
  for (const table of tables) await copyTable(connection, client, table);
  await copyCounters(connection, client);
}

async function copyTable(connection: Connection, client: Client, table: PortableTable): Promise<void> {
  const { name, columns } = table;
  const select = connection.prepare(`select ${quotedList(columns)} from ${quoted(name)}`).raw();
  let page: unknown[][] = [];
  for (const row of select.iterate() as IterableIterator<unknown[]>) {
    page.push(row);
    if (page.length < PAGE_ROWS) continue;
    await insert(client, table, page);
    page = [];
  }
  if (page.length > 0) await insert(client, table, page);
}

async function insert(client: Client, { name, columns }: PortableTable, rows: readonly unknown[][]): Promise<void> {
  const tuples = rows.map(
    (_row, index) => `(${columns.map((_column, at) => `$${index * columns.length + at + 1}`).join(', ')})`,
  );
  const sql = `insert into ${quoted(name)} (${quotedList(columns)}) values ${tuples.join(', ')}`;
  await client.query(sql, rows.flat());
}

/** Each table goes on behind the last id that it has given. */
async function copyCounters(connection: Connection, client: Client): Promise<void> {
  const counters = connection.prepare('select name, seq from sqlite_sequence where seq > 0').all();
  for (const { name, seq } of counters as { readonly name: string; readonly seq: number }[]) {
    await client.query('select setval(pg_get_serial_sequence(quote_ident($1), $2), $3::bigint)', [name, 'id', seq]);
  }
}

const PAGE_ROWS = 100;
