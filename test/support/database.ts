import { testDatabase } from '@sotto/testing';

/** Words for `sotto-server start` on a database of its own; none where the tests run on SQLite. */
export async function databaseWords(): Promise<readonly string[]> {
  const url = await testDatabase();
  return url === null ? [] : ['--database', url];
}
