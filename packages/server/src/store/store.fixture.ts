import { testDatabase } from '@sotto/testing';
import { assert } from 'vitest';
import type { Logger } from '../log.ts';
import type { DatabaseOptions } from '../server.ts';
import { openPostgresStore } from './postgres/store.ts';
import { openSqliteStore } from './sqlite-store.ts';
import type { Database, Store } from './store.ts';

/** The store of a test, by the path that it has or would have: the same one each time, on the engine under test. */
export async function openTestStore(path: string): Promise<Store> {
  const database = await databaseOf(path);
  return database === undefined ? openSqliteStore(path) : openPostgresStore({ ...database, logger: SILENT });
}

/** The database that belongs to a data directory or to the file in it; undefined where the tests run on SQLite. */
export async function databaseOf(path: string): Promise<DatabaseOptions | undefined> {
  const key = path.replace(/\/sotto\.db$/, '');
  const known = urls.get(key) ?? (await testDatabase());
  if (known === null) return undefined;
  urls.set(key, known);
  return { url: known };
}

/** An empty database in the place of the one that `databaseOf` gave until now; the earlier one is left as it is. */
export async function freshDatabaseOf(path: string): Promise<DatabaseOptions | undefined> {
  const url = await testDatabase({ empty: true });
  if (url === null) return undefined;
  urls.set(path, url);
  return { url };
}

/** A row with a number; `sizeBytes` more of them make it a large one. */
export async function put(database: Database, number: number, sizeBytes = 1): Promise<void> {
  const subject = new Uint8Array(sizeBytes).fill(number);
  await database.insertInto('attempts').values({ subject, failures: number, last_at: 0 }).execute();
}

export function numbers(store: Store): Promise<number[]> {
  return store.read(numbersOf);
}

export async function numbersOf(database: Database): Promise<number[]> {
  const rows = await database.selectFrom('attempts').select('failures').orderBy('failures').execute();
  return rows.map(({ failures }) => failures);
}

/** Asserts the code that a promise is refused with. */
export async function rejected(promise: Promise<unknown>, code: string): Promise<void> {
  const cause = await promise.then(
    () => null,
    (caught: unknown) => caught,
  );
  assert.strictEqual((cause as { code?: string } | null)?.code, code);
}

const urls = new Map<string, string>();
export const SILENT: Pick<Logger, 'info' | 'warn'> = { info: () => undefined, warn: () => undefined };
