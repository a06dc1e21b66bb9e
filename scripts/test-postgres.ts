import { hasPostgres, Postgres } from '@sotto/testing';

let postgres: Postgres | null = null;

/** Runs a PostgreSQL for the time of the tests; without one each of them that needs it fails and says so. */
export async function setup(): Promise<void> {
  if (!hasPostgres()) return;
  postgres = await Postgres.start();
  const { folder, port } = postgres;
  process.env['SOTTO_TEST_POSTGRES'] = JSON.stringify({ folder, port });
}

export async function teardown(): Promise<void> {
  await postgres?.[Symbol.asyncDispose]();
}
