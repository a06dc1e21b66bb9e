import { createLogger } from '@sotto/server';
import { hasPostgres, Postgres, TEST_TEMPLATE } from '@sotto/testing';
import { openPostgresStore } from '../packages/server/src/store/postgres/store.ts';

let postgres: Postgres | null = null;

/** Runs a PostgreSQL for the time of the tests; without one each of them that needs it fails and says so. */
export async function setup(): Promise<void> {
  if (!hasPostgres()) return;
  postgres = await Postgres.start({ inMemory: true });
  const { folder, port } = postgres;
  const template = { url: await postgres.createDatabase(TEST_TEMPLATE), logger: createLogger('silent') };
  await (await openPostgresStore(template)).close();
  process.env['SOTTO_TEST_POSTGRES'] = JSON.stringify({ folder, port });
}

export async function teardown(): Promise<void> {
  await postgres?.[Symbol.asyncDispose]();
}
