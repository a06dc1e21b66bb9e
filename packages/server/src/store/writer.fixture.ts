import { openPostgresStore } from './postgres/store.ts';
import { openSqliteStore } from './sqlite-store.ts';

// A program that writes pairs of rows as fast as it can, and prints each number once it is acknowledged.
const [, , database = ''] = process.argv;
const logger = { info: () => undefined, warn: () => undefined };
const store = database.startsWith('postgres:')
  ? await openPostgresStore({ url: database, logger })
  : openSqliteStore(database);
const start = Date.now() % 1_000_000_000;

async function write(number: number): Promise<void> {
  await store.transact(async (database) => {
    for (const failures of [number, -number]) {
      const subject = new TextEncoder().encode(String(failures));
      await database.insertInto('attempts').values({ subject, failures, last_at: 0 }).execute();
    }
  });
  process.stdout.write(`${number}\n`);
}

for (let batch = 0; ; batch++) {
  await Promise.all(Array.from({ length: 8 }, (_, i) => write(start * 1000 + batch * 8 + i + 1)));
}
