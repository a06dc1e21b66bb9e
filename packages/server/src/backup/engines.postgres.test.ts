import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testDatabase } from '@sotto/testing';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { writeFirstStart } from '../first-start.ts';
import { refusal, TestHome, type TestMember } from '../home.fixture.ts';
import { createLogger } from '../log.ts';
import type { DatabaseOptions } from '../server.ts';
import { startServer } from '../server.ts';
import { portableTables, quoted } from '../store/portable.ts';
import { exportPostgres } from '../store/postgres/export.ts';
import { importPostgres } from '../store/postgres/import.ts';
import { openPostgresStore } from '../store/postgres/store.ts';
import { connect } from '../store/sqlite.ts';
import { databaseOf, SILENT } from '../store/store.fixture.ts';
import { backupServer } from './backup.ts';
import { restoreServer } from './restore.ts';
import { verifyData, verifyPostgres } from './verify.ts';

let home: TestHome;
let folder: string;
let ann: TestMember;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-engines-'));
  home = await TestHome.open();
  writeFirstStart(home.directory, { database: 'postgres', domain: 'example.org', web: 1, native: 2 });
  ann = await home.signUp('ann');
  const room = await home.createRoom(ann);
  for (let i = 0; i < 450; i++) await home.write(ann, room, `line ${i}`);
});
afterAll(async () => {
  await home.close();
  rmSync(folder, { recursive: true });
});

test('every row and counter comes through both engines as it was', async () => {
  const first = join(folder, 'first.db');
  await exportPostgres(await own(), first);
  const copy = await empty();
  await importPostgres(copy, first);
  const second = join(folder, 'second.db');
  await exportPostgres(copy, second);
  const rows = contents(first);
  assert.isAbove(rows['room_entries']?.length ?? 0, 450);
  assert.isAbove(rows['sqlite_sequence']?.length ?? 0, 0);
  assert.deepEqual(contents(second), rows);
});

test('ids that were given once are given no more', async () => {
  await home.store.transact((database) => database.insertInto('invitations').values(invitation(1)).execute());
  const { id } = await home.store.transact((database) =>
    database.insertInto('invitations').values(invitation(2)).returning('id').executeTakeFirstOrThrow(),
  );
  await home.store.transact((database) => database.deleteFrom('invitations').where('id', '=', id).execute());
  const path = join(folder, 'ids.db');
  await exportPostgres(await own(), path);
  const copy = await empty();
  await importPostgres(copy, path);
  const store = await openPostgresStore({ ...copy, logger: SILENT });
  const next = await store.transact((database) =>
    database.insertInto('invitations').values(invitation(3)).returning('id').executeTakeFirstOrThrow(),
  );
  await store.close();
  assert.strictEqual(next.id, id + 1);
});

test('a backup of PostgreSQL begins a server on either, and goes from there to the other', async () => {
  const target = join(folder, 'backup');
  await backupServer({ ...common(), dataDir: home.directory, database: await own(), target });
  const lite = join(folder, 'lite');
  await restoreServer({ ...restoring(target), dataDir: lite });
  assert.deepEqual(verifyData(lite).problems, []);
  const onward = join(folder, 'onward');
  await backupServer({ ...common(), dataDir: lite, target: onward });
  const data = join(folder, 'data');
  const database = await empty();
  const { incarnation } = await restoreServer({ ...restoring(onward), dataDir: data, database });
  assert.isAbove(incarnation, home.now());
  assert.deepEqual(readdirSync(data).toSorted(), ['first-start.json', 'keys']);
  const found = await verifyPostgres(data, database);
  assert.deepEqual(
    { problems: found.problems, counts: found.counts },
    { problems: [], counts: verifyData(lite).counts },
  );
  const ports = { web: await freePort(), native: await freePort() };
  writeFirstStart(data, { database: 'postgres', domain: 'example.org', ...ports });
  const server = await startServer({ dataDir: data, database, logger: createLogger('silent') });
  assert.isNull(server.invitation);
  await server.close();
});

test('a row that was changed is found by its hash', async () => {
  const path = join(folder, 'damage.db');
  await exportPostgres(await own(), path);
  const copy = await empty();
  await importPostgres(copy, path);
  const store = await openPostgresStore({ ...copy, logger: SILENT });
  await store.transact((database) =>
    database
      .updateTable('room_entries')
      .set({ signed: Uint8Array.of(0) })
      .where('n', '=', 200)
      .execute(),
  );
  await store.close();
  const { problems } = await verifyPostgres(home.directory, copy);
  assert.match(
    `${problems[0]?.subject}: ${problems[0]?.problem}`,
    /^room .*: entry 200 is not the one that was accepted/,
  );
});

test('a restore goes into an empty database alone, and one that fails leaves neither folder nor tables', async () => {
  const target = join(folder, 'refused');
  await backupServer({ ...common(), dataDir: home.directory, database: await own(), target });
  const data = join(folder, 'refused-data');
  const order = { ...restoring(target), dataDir: data };
  assert.strictEqual(await refusal(restoreServer({ ...order, database: await own() })), 'database-in-use');
  const used = await empty();
  await importPostgres(used, join(target, 'sotto.db'));
  assert.strictEqual(await refusal(restoreServer({ ...order, database: used })), 'target-not-empty');
  assert.isFalse(existsSync(data) && readdirSync(data).length > 0);
  const broken = join(folder, 'broken.db');
  await exportPostgres(await own(), broken);
  const connection = connect(broken, { readonly: false, maxBytes: null });
  connection.pragma('foreign_keys = off');
  connection.exec('delete from accounts');
  connection.close();
  const database = await empty();
  assert.strictEqual(await refusal(importPostgres(database, broken)), 'database-unusable');
  await importPostgres(database, join(target, 'sotto.db'));
});

test('an engine that is not named, or named in vain, is told', async () => {
  const order = { ...common(), target: join(folder, 'mismatch') };
  assert.strictEqual(await refusal(backupServer({ ...order, dataDir: home.directory })), 'database-mismatch');
  assert.throws(() => verifyData(home.directory), /PostgreSQL/);
  const lite = join(folder, 'empty');
  mkdirSync(lite);
  assert.strictEqual(await refusal(verifyPostgres(lite, await own())), 'database-mismatch');
  assert.strictEqual(
    await refusal(backupServer({ ...order, dataDir: home.directory, database: await empty() })),
    'data-unusable',
  );
  assert.isFalse(existsSync(order.target));
});

async function own(): Promise<DatabaseOptions> {
  return (await databaseOf(home.directory)) as DatabaseOptions;
}

async function empty(): Promise<DatabaseOptions> {
  return { url: (await testDatabase({ empty: true })) as string };
}

function common() {
  const { primitives } = home.world;
  return { keysPassphrase: PASSPHRASE, program: 'test', primitives, now: () => home.now() };
}

function restoring(backup: string) {
  return { ...common(), backup, settleMilliseconds: 0 };
}

/** All rows of all tables, and the last ids. */
function contents(path: string): Record<string, unknown[]> {
  const connection = connect(path, { readonly: true, maxBytes: null });
  const names = [...portableTables(connection).map(({ name }) => name), 'sqlite_sequence'];
  const rows = names.map((name) => {
    const all = connection.prepare(`select * from ${quoted(name)}`).all() as Record<string, unknown>[];
    return [name, all.map((row) => JSON.stringify(row)).toSorted()] as const;
  });
  connection.close();
  return Object.fromEntries(rows);
}

function invitation(number: number) {
  return { code_hash: Uint8Array.of(number), kind: 'user', expires_at: 1 } as const;
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const PASSPHRASE = 'twelve brown horses graze';
