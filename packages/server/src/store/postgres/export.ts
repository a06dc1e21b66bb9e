import { closeSync, openSync } from 'node:fs';
import { ServerUsageFault } from '../../fault.ts';
import { migrate } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import { type PortableTable, portableTables, quoted, quotedList } from '../portable.ts';
import { type Connection, connect } from '../sqlite.ts';
import { type AccessOptions, databaseAccess } from './access.ts';
import type { Client } from './client.ts';
import { openingFault } from './fault.ts';
import { readVersion } from './schema.ts';
import { DatabaseSession } from './session.ts';

/**
 * Writes a database of PostgreSQL, as one reader sees it at one moment, into a new SQLite file of the same schema,
 * mode 0600; writers go on meanwhile. Reading is all that its role must be allowed. Throws what opening throws,
 * `data-unusable` for an empty one, `schema-newer`.
 */
export async function exportPostgres(options: AccessOptions, path: string): Promise<void> {
  closeSync(openSync(path, 'wx', 0o600));
  const connection = connect(path, { readonly: false, maxBytes: null });
  try {
    // Nobody reads the file before it is whole, and then it is made durable as one.
    connection.pragma('journal_mode = off');
    connection.pragma('synchronous = off');
    connection.pragma('foreign_keys = off');
    await withSession(options, (client) => copyAll(client, connection));
  } finally {
    connection.close();
  }
}

async function withSession(options: AccessOptions, work: (client: Client) => Promise<void>): Promise<void> {
  const access = databaseAccess(options);
  try {
    const session = await DatabaseSession.open(access, 'backup');
    try {
      await work(session.client);
    } finally {
      await session.close();
    }
  } catch (cause) {
    throw openingFault(cause);
  }
}

async function copyAll(client: Client, connection: Connection): Promise<void> {
  await begin(client);
  migrate(connection, migrations.slice(0, await checkedVersion(client)));
  connection.exec('begin');
  for (const table of portableTables(connection)) await copyTable(client, connection, table);
  await copyCounters(client, connection);
  connection.exec('commit');
  await client.run('commit');
}

/** The tables are held against changes of the schema, which no snapshot covers, before the snapshot is taken. */
async function begin(client: Client): Promise<void> {
  const { rows } = await client.run(`select tablename from pg_tables where schemaname = 'public' order by tablename`);
  await client.run('begin isolation level repeatable read read only');
  const names = quotedList(rows.map(({ tablename }) => tablename));
  if (names !== '') await client.run(`lock table ${names} in access share mode`);
}

async function checkedVersion(client: Client): Promise<number> {
  const version = await readVersion(client);
  if (version === 0) throw new ServerUsageFault('data-unusable', 'no home server has ever used this database');
  if (version <= migrations.length) return version;
  throw new ServerUsageFault('schema-newer', `the database has schema ${version}, this program ${migrations.length}`);
}

/** In place of the rows that the schema begins with. */
async function copyTable(client: Client, connection: Connection, { name, columns }: PortableTable): Promise<void> {
  connection.exec(`delete from ${quoted(name)}`);
  const values = columns.map(() => '?').join(', ');
  const insert = connection.prepare(`insert into ${quoted(name)} (${quotedList(columns)}) values (${values})`);
  await client.run(`declare copied no scroll cursor for select ${quotedList(columns)} from ${quoted(name)}`);
  for (;;) {
    const { rows } = await client.run(`fetch ${PAGE_ROWS} from copied`);
    for (const row of rows) insert.run(columns.map((column) => row[column]));
    if (rows.length < PAGE_ROWS) break;
  }
  await client.run('close copied');
}

/** The last id that each table has given, so that none is given twice. Sequences stand outside of snapshots: never too low. */
async function copyCounters(client: Client, connection: Connection): Promise<void> {
  connection.exec('delete from sqlite_sequence');
  const keep = connection.prepare('insert into sqlite_sequence (name, seq) values (?, ?)');
  const { rows } = await client.run(
    `select table_name, pg_get_serial_sequence(quote_ident(table_name), column_name) as counter
     from information_schema.columns where table_schema = 'public' and is_identity = 'YES'`,
  );
  for (const { table_name: table, counter } of rows) {
    const [state] = (await client.run(`select last_value, is_called from ${counter}`)).rows;
    if (state.is_called === 1) keep.run(table, state.last_value);
  }
}

const PAGE_ROWS = 200;
