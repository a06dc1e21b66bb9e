import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { migrate } from './migrate.ts';
import { migrations } from './migrations/index.ts';
import { connect } from './sqlite.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { numbers, put, rejected } from './store.fixture.ts';

let directory: string;
let path: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'sotto-store-'));
  path = join(directory, 'data', 'sotto.db');
});
afterEach(() => rmSync(directory, { recursive: true }));

describe('files', () => {
  test('are for their owner alone', async () => {
    const store = openSqliteStore(path);
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

test('a full disk refuses writing, keeps reading, and is forgotten once there is room', async () => {
  const small = 400 * 1024;
  const store = openSqliteStore(path, { maxBytes: small });
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
