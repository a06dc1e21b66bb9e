import { testDatabase } from '@sotto/testing';
import { sql } from 'kysely';
import { assert, beforeEach, describe, onTestFinished, test } from 'vitest';
import { migrations } from '../migrations/index.ts';
import { numbers, put, rejected, SILENT } from '../store.fixture.ts';
import type { Store } from '../store.ts';
import { databaseAccess } from './access.ts';
import { isCurrent, migratePostgres, takeOver } from './schema.ts';
import { DatabaseSession } from './session.ts';
import { openPostgresStore } from './store.ts';

let url: string;
beforeEach(async () => {
  url = (await testDatabase({ empty: true })) as string;
});

describe('migrations', () => {
  test('lead from every released schema to the newest, once', async () => {
    for (let released = 1; released <= migrations.length; released++) {
      const { client } = await session((await testDatabase({ empty: true })) as string);
      await migratePostgres(client, migrations.slice(0, released));
      assert.strictEqual(await isCurrent(client), released === migrations.length);
      await migratePostgres(client);
      await migratePostgres(client);
      assert.isTrue(await isCurrent(client));
    }
  });

  test('a step that fails leaves what was before, and a newer schema is refused', async () => {
    const { client } = await session(url);
    const steps = ['create table one (a integer) strict', 'create table two (b integer) strict; drop table none'];
    await rejected(migratePostgres(client, steps), '42P01');
    const { rows } = await client.run(
      "select table_name as name from information_schema.tables where table_schema = 'public'",
    );
    assert.sameMembers(
      rows.map(({ name }) => name),
      ['one', 'sotto_schema'],
    );
    await rejected(migratePostgres(client, []), 'data-unusable');
  });
});

describe('values', () => {
  test('are those that SQLite gives', async () => {
    const store = await open();
    const bytes = Uint8Array.of(0, 255, 92, 39);
    await store.transact((database) =>
      database
        .insertInto('attempts')
        .values({ subject: bytes, failures: 2 ** 53 - 1, last_at: -1 })
        .execute(),
    );
    const row = await store.read((database) =>
      database
        .selectFrom('attempts')
        .select(['subject', 'failures', 'last_at'])
        .select((row) => [row.fn.countAll<number>().over().as('count'), row.fn.sum<number>('last_at').over().as('sum')])
        .select([sql<number>`length(subject)`.as('length'), sql<number>`failures > 0`.as('truth')])
        .executeTakeFirstOrThrow(),
    );
    const expected = { subject: bytes, failures: 2 ** 53 - 1, last_at: -1, count: 1, sum: -1, length: 4, truth: 1 };
    assert.deepEqual(row, expected);
    assert.strictEqual(row.subject.constructor, Uint8Array);
    await rejected(
      store.read((database) => database.selectFrom('attempts').select(sql`failures + 1`.as('sum')).execute()),
      'bug',
    );
  });

  test('text and bytes are ordered by their bytes', async () => {
    const store = await open();
    await store.transact((database) =>
      database
        .insertInto('audit_exports')
        .values(['b', 'a', 'é', 'B', '_', 'Z'].map((name, next) => ({ name, next })))
        .execute(),
    );
    const rows = await store.read((database) =>
      database.selectFrom('audit_exports').select('name').orderBy('name').execute(),
    );
    assert.deepEqual(
      rows.map(({ name }) => name),
      ['B', 'Z', '_', 'a', 'b', 'é'],
    );
  });
});

describe('jobs', () => {
  test('one that swallows a failed query fails itself, and disturbs no other', async () => {
    const store = await open();
    const results = await Promise.allSettled([
      store.transact((database) => put(database, 1)),
      store.transact(async (database) => {
        await put(database, 2);
        await put(database, 1).catch(() => undefined);
      }),
      store.transact((database) => put(database, 3)),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled'],
    );
    assert.deepEqual(await numbers(store), [1, 3]);
  });

  test('reading alone is what the readers may do', async () => {
    const store = await open();
    await rejected(
      store.read((database) => put(database, 1)),
      'bug',
    );
    assert.deepEqual(await numbers(store), []);
  });

  test.each([
    ['53100', 'disk-full'],
    ['40001', 'unavailable'],
    ['57014', 'unavailable'],
  ])('an error of the whole server (%s) ends the batch with %s, and is forgotten', async (sqlState, code) => {
    const store = await open();
    const trouble = sql.raw(`do $$ begin raise exception using errcode = '${sqlState}'; end $$`);
    const begun = store.transact((database) => put(database, 1));
    const failing = store.transact((database) => trouble.execute(database));
    await Promise.all([rejected(begun, code), rejected(failing, code)]);
    await store.transact((database) => put(database, 2));
    assert.deepEqual(await numbers(store), [2]);
  });

  test('more than fit one batch', async () => {
    const store = await open();
    await Promise.all(Array.from({ length: 150 }, (_, i) => store.transact((database) => put(database, i))));
    assert.lengthOf(await numbers(store), 150);
  });
});

describe('the lock', () => {
  test('one server serves a database', async () => {
    const store = await open();
    await rejected(openPostgresStore({ url, logger: SILENT }), 'database-in-use');
    await store.close();
    await open();
  });

  test('a connection that breaks is made anew, and nothing acknowledged is lost', async () => {
    const store = await open();
    const acknowledged: number[] = [];
    for (let round = 0; round < 5; round++) {
      const writing = Array.from({ length: 40 }, async (_, i) => {
        const number = round * 40 + i;
        try {
          await store.transact((database) => put(database, number));
          acknowledged.push(number);
        } catch (cause) {
          assert.strictEqual((cause as { code?: string }).code, 'unavailable');
        }
      });
      if (round > 0) await kill('sotto %');
      await Promise.all(writing);
    }
    const stored = await numbers(store);
    assert.includeMembers(stored, acknowledged);
    await store.transact((database) => put(database, 250));
    assert.includeMembers(await numbers(store), [250]);
  });

  test('a server whose database another one has taken over is lost, and serves no more', async () => {
    const store = await open();
    const other = await session(url);
    await takeOver(other.client);
    await kill('sotto writer');
    await rejected(
      store.lost.then((fault) => Promise.reject(fault)),
      'database-in-use',
    );
    await rejected(store.read(numbersOfNobody), 'unavailable');
    await rejected(
      store.transact((database) => put(database, 1)),
      'unavailable',
    );
  });
});

test.each([
  ['postgres://nobody@%2Fnowhere/sotto', 'database-unreachable'],
  ['postgres://admin@127.0.0.1:1/sotto', 'database-unreachable'],
])('%s is refused', async (wrong, code) => {
  await rejected(openPostgresStore({ url: wrong, logger: SILENT }), code);
});

test('a database that is not there is refused by name', async () => {
  await rejected(openPostgresStore({ url: `${url}_none`, logger: SILENT }), 'database-unusable');
});

async function open(): Promise<Store> {
  const store = await openPostgresStore({ url, logger: SILENT });
  onTestFinished(() => store.close());
  return store;
}

async function session(database: string): Promise<DatabaseSession> {
  const opened = await DatabaseSession.open(databaseAccess({ url: database }), 'test of its own');
  onTestFinished(() => opened.close());
  return opened;
}

/** Ends the connections of that name to the test's database, as a restart of PostgreSQL would. */
async function kill(name: string): Promise<void> {
  const { client } = await session(url);
  await client.run(`
    select pg_terminate_backend(pid) from pg_stat_activity
    where datname = current_database() and application_name like '${name}' and pid <> pg_backend_pid()`);
}

async function numbersOfNobody(): Promise<never> {
  throw new Error('asked a database that is lost');
}
