import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { clearAttempts, expireAttempts, readAttempts, recordFailures } from './attempts.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { connect } from './sqlite.ts';
import { type Database, openStore, type Store } from './store.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sotto-store-'));
  path = join(directory, 'data', 'sotto.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('files', () => {
  test('are for their owner alone', async () => {
    const store = openStore(path);
    await store.transact((database) => put(database, 1));
    for (const suffix of ['', '-wal', '-shm']) assert.strictEqual(statSync(path + suffix).mode & 0o777, 0o600, suffix);
    assert.strictEqual(statSync(join(directory, 'data')).mode & 0o777, 0o700);
    await store.close();
  });

  test('commits wait for the disk', () => {
    const connection = connect(join(directory, 'pragmas.db'), { readonly: false, maxBytes: null });
    assert.strictEqual(connection.pragma('journal_mode', { simple: true }), 'wal');
    assert.strictEqual(connection.pragma('synchronous', { simple: true }), 2);
    assert.strictEqual(connection.pragma('foreign_keys', { simple: true }), 1);
    connection.close();
  });
});

describe('migrations', () => {
  test('lead from every released schema to the newest, once', () => {
    for (let released = 0; released <= migrations.length; released++) {
      const connection = connect(join(directory, `${released}.db`), { readonly: false, maxBytes: null });
      migrate(connection, migrations.slice(0, released));
      migrate(connection);
      migrate(connection);
      assert.strictEqual(connection.pragma('user_version', { simple: true }), migrations.length);
      connection.close();
    }
  });

  test('apply the new steps alone, and refuse a newer schema', () => {
    const connection = connect(join(directory, 'steps.db'), { readonly: false, maxBytes: null });
    const steps = ['create table one (a integer)', 'create table two (b integer)'];
    migrate(connection, steps.slice(0, 1));
    migrate(connection, steps);
    assert.deepEqual(connection.prepare('select name from sqlite_schema order by name').all(), [
      { name: 'one' },
      { name: 'two' },
    ]);
    assert.throws(() => migrate(connection, steps.slice(0, 1)), /schema 2/);
    connection.close();
  });
});

describe('group commit', () => {
  test('a job that fails is undone alone', async () => {
    const store = openStore(path);
    const results = await Promise.allSettled([
      store.transact((database) => put(database, 1)),
      store.transact(async (database) => {
        await put(database, 2);
        throw new Error('on purpose');
      }),
      store.transact((database) => put(database, 3)),
      store.transact((database) => put(database, 3)),
    ]);
    assert.deepEqual(
      results.map(({ status }) => status),
      ['fulfilled', 'rejected', 'fulfilled', 'rejected'],
    );
    assert.deepEqual(await numbers(store), [1, 3]);
    await store.close();
  });

  test('jobs run in order and see what those before them did', async () => {
    const store = openStore(path);
    const seen = await Promise.all(
      [1, 2, 3].map((number) =>
        store.transact(async (database) => {
          await put(database, number);
          return numbersOf(database);
        }),
      ),
    );
    assert.deepEqual(seen, [[1], [1, 2], [1, 2, 3]]);
    await store.close();
  });

  test('nothing is read before it is committed', async () => {
    const store = openStore(path);
    let during: number[] = [];
    await store.transact(async (database) => {
      await put(database, 1);
      during = await numbers(store);
    });
    assert.deepEqual(during, []);
    assert.deepEqual(await numbers(store), [1]);
    await store.close();
  });

  test('closing finishes what was begun and refuses the rest', async () => {
    const store = openStore(path);
    const begun = store.transact((database) => put(database, 1));
    await store.close();
    await begun;
    await rejected(
      store.transact((database) => put(database, 2)),
      'bug',
    );
    const again = openStore(path);
    assert.deepEqual(await numbers(again), [1]);
    await again.close();
  });
});

test('a full disk refuses writing, keeps reading, and is forgotten once there is room', async () => {
  const small = 400 * 1024;
  const store = openStore(path, { maxBytes: small });
  await store.transact((database) => put(database, 1));
  await rejected(
    store.transact((database) => put(database, 2, 2 * small)),
    'disk-full',
  );
  assert.deepEqual(await numbers(store), [1]);
  await store.transact((database) => put(database, 3));
  assert.deepEqual(await numbers(store), [1, 3]);
  await store.close();
});

test('kill -9 loses nothing that was acknowledged and shows nothing by half', async () => {
  for (let round = 0; round < 3; round++) {
    const acknowledged = await killedWriter(path, 40);
    const store = openStore(path);
    const stored = await numbers(store);
    assert.includeMembers(stored, acknowledged);
    // Each job writes a pair: its number, and its number negated.
    for (const number of stored) assert.include(stored, -number);
    await store.close();
  }
});

test('failures are counted, forgiven and forgotten', async () => {
  const store = openStore(path);
  const subjects = [Uint8Array.of(1), Uint8Array.of(2)] as const;
  await recordFailures(store, subjects, 10);
  await recordFailures(store, [subjects[0]], 20);
  assert.deepEqual(await readAttempts(store, subjects[0]), { failures: 2, lastAt: 20 });
  await store.close();
  const again = openStore(path);
  assert.deepEqual(await readAttempts(again, subjects[1]), { failures: 1, lastAt: 10 });
  await clearAttempts(again, [subjects[0]]);
  assert.deepEqual(await readAttempts(again, subjects[0]), { failures: 0, lastAt: 0 });
  await expireAttempts(again, 11);
  assert.deepEqual(await readAttempts(again, subjects[1]), { failures: 0, lastAt: 0 });
  await again.close();
});

/** Starts a program that writes and says what was acknowledged; kills it in the middle of its work. */
async function killedWriter(database: string, atLeast: number): Promise<number[]> {
  const program = fileURLToPath(new URL('./writer.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [program, database], { stdio: ['ignore', 'pipe', 'inherit'] });
  const acknowledged: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    acknowledged.push(Number(line));
    if (acknowledged.length >= atLeast) break;
  }
  child.kill('SIGKILL');
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return acknowledged;
}

/** A row with a number; `sizeBytes` more of them make it a large one. */
async function put(database: Database, number: number, sizeBytes = 1): Promise<void> {
  const subject = new Uint8Array(sizeBytes).fill(number);
  await database.insertInto('attempts').values({ subject, failures: number, last_at: 0 }).execute();
}

function numbers(store: Store): Promise<number[]> {
  return store.read(numbersOf);
}

async function numbersOf(database: Database): Promise<number[]> {
  const rows = await database.selectFrom('attempts').select('failures').orderBy('failures').execute();
  return rows.map(({ failures }) => failures);
}

async function rejected(promise: Promise<unknown>, code: string): Promise<void> {
  const cause = await promise.then(
    () => null,
    (caught: unknown) => caught,
  );
  assert.strictEqual((cause as { code?: string } | null)?.code, code);
}
