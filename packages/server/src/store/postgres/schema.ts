import { ServerUsageFault } from '../../fault.ts';
import { checkVersion } from '../migrate.ts';
import { migrations } from '../migrations/index.ts';
import type { Client } from './client.ts';
import { translate } from './translate.ts';

/** True if the newest schema is in place. Throws `data-unusable` for the schema of a newer program. */
export async function isCurrent(client: Client, steps: readonly string[] = migrations): Promise<boolean> {
  const version = await readVersion(client);
  checkVersion(version, steps);
  return version === steps.length;
}

/** Brings a database to the newest schema; forward only, each step once, in a transaction of its own. */
export async function migratePostgres(client: Client, steps: readonly string[] = migrations): Promise<void> {
  const version = await readVersion(client);
  checkVersion(version, steps);
  for (const index of steps.keys()) {
    if (index < version) continue;
    await inTransaction(client, async () => void (await client.run(stepSql(steps, index))));
  }
}

/** The SQL of one step, which notes that it is done. */
export function stepSql(steps: readonly string[], index: number): string {
  const books = index === 0 ? [BOOKS] : [];
  const step = translate(steps[index] as string);
  return [...books, step, `update sotto_schema set version = ${index + 1}`].join('\n');
}

/** Writes down that a new server holds the database, and returns the name that it has there. */
export async function takeOver(client: Client): Promise<string> {
  const { rows } = await client.run('update sotto_schema set holder = gen_random_uuid()::text returning holder');
  return rows[0].holder;
}

/** The name that `takeOver` gave last. */
export async function readHolder(client: Client): Promise<string> {
  const { rows } = await client.run('select holder from sotto_schema');
  return rows[0].holder;
}

/** True if the connection has the lock of the database now; it goes with the connection. */
export async function tryLock(client: Client): Promise<boolean> {
  const { rows } = await client.run(`select pg_try_advisory_lock(${LOCK}) as locked`);
  return rows[0].locked === 1;
}

/** Throws `database-unusable` for a server that could lose what it has acknowledged, or that is too old. */
export async function checkServer(client: Client): Promise<void> {
  const { rows } = await client.run(`
    select current_setting('server_version_num')::int as version, current_setting('server_encoding') as encoding,
      current_setting('fsync') as fsync, current_setting('full_page_writes') as pages, pg_is_in_recovery() as standby`);
  const { version, encoding, fsync, pages, standby } = rows[0];
  if (version < OLDEST_VERSION) throw unusable('PostgreSQL 15 or newer is needed');
  if (encoding !== 'UTF8') throw unusable(`the database's encoding must be UTF8, not ${encoding}`);
  if (fsync !== 'on' || pages !== 'on') throw unusable('fsync and full_page_writes must be on');
  if (standby !== 0) throw unusable('this is a standby, which takes no changes');
}

/** Number of the schema; 0 for a database without one. */
export async function readVersion(client: Client): Promise<number> {
  const { rows } = await client.run(`select to_regclass('public.sotto_schema') is not null as made`);
  if (rows[0].made === 0) return 0;
  return (await client.run('select version from sotto_schema')).rows[0].version;
}

/** Runs `work` whole or not at all. */
export async function inTransaction(client: Client, work: () => Promise<void>): Promise<void> {
  await client.run('begin');
  try {
    await work();
    await client.run('commit');
  } catch (cause) {
    if (!client.isBroken) await client.run('rollback');
    throw cause;
  }
}

function unusable(message: string): ServerUsageFault {
  return new ServerUsageFault('database-unusable', message);
}

const BOOKS = `
  create table sotto_schema (id bigint primary key check (id = 1), version bigint not null, holder text);
  insert into sotto_schema (id, version) values (1, 0);`;
/** "sotto" in ASCII; advisory locks belong to one database each. */
const LOCK = 0x736f74746f;
const OLDEST_VERSION = 150_000;
