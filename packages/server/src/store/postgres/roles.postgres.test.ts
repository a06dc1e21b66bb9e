import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Postgres } from '@sotto/testing';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { migrations } from '../migrations/index.ts';
import { numbers, put, rejected, SILENT } from '../store.fixture.ts';
import { type AccessOptions, databaseAccess } from './access.ts';
import { migratePostgres } from './schema.ts';
import { DatabaseSession } from './session.ts';
import { openPostgresStore } from './store.ts';

const ROLES = ['sotto_app', 'sotto_migration', 'sotto_backup'] as const;
let postgres: Postgres;
let folder: string;

// The roles as the guide for administrators makes them, on a server that lets them in as it says: by SCRAM over TLS.
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sotto-roles-'));
  await authority('right');
  await authority('other');
  const settings = ['ssl = on', `ssl_cert_file = 'server.pem'`, `ssl_key_file = 'server.key'`];
  const files = { 'server.pem': readFileSync(at('right.host.pem')), 'server.key': readFileSync(at('right.host.key')) };
  const rules = ['hostssl all all 127.0.0.1/32 scram-sha-256', 'hostnossl all all 127.0.0.1/32 reject'];
  postgres = await Postgres.start({ settings, rules, files });
  const [roles = '', schema = ''] = guideSql();
  for (const statement of roles.split(/(?<=;)\n/)) await postgres.sql('postgres', statement);
  await postgres.sql('sotto', schema);
  for (const role of ROLES) await postgres.sql('postgres', `alter role ${role} password '${passwordOf(role)}'`);
});
afterAll(async () => {
  await postgres[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true });
});

test('the role of the application cannot make the schema; with the one for migrations beside it all works', async () => {
  await rejected(openPostgresStore({ ...enter('sotto_app'), logger: SILENT }), 'database-unusable');
  const migration = enter('sotto_migration');
  const store = await openPostgresStore({ ...enter('sotto_app'), migration, logger: SILENT });
  await store.transact((database) => put(database, 1));
  await store.transact((database) =>
    database
      .insertInto('rooms')
      .values({
        room: Uint8Array.of(1),
        type: 'chat',
        length: 0,
        hash: Uint8Array.of(1),
        state: Uint8Array.of(1),
        era_at: 0,
      })
      .execute(),
  );
  assert.deepEqual(await numbers(store), [1]);
  await store.close();
  const alone = await openPostgresStore({ ...enter('sotto_app'), logger: SILENT });
  await alone.close();
});

test('each role may do its own and no more', async () => {
  for (const [role, statement] of [
    ['sotto_app', 'create table mine (a int)'],
    ['sotto_app', 'alter table rooms add column mine int'],
    ['sotto_app', 'drop table rooms'],
    ['sotto_app', 'truncate rooms'],
    ['sotto_backup', 'delete from rooms'],
    ['sotto_backup', 'create table mine (a int)'],
    ['sotto_backup', "select pg_read_file('/etc/passwd')"],
  ] as const) {
    const { client } = await session(enter(role));
    await rejected(client.run(statement), '42501');
  }
});

test('the role for backups dumps everything', async () => {
  const dump = await postgres.dump('sotto', 'sotto_backup');
  for (const table of ['rooms', 'attempts', 'sotto_schema']) assert.include(dump, `COPY public.${table} `);
  const { client } = await session(enter('sotto_migration'));
  await migratePostgres(client, migrations);
});

test.each([
  ['another authority', { caFile: 'other.pem' }, /certificate/],
  ['a wrong password', { passwordFile: 'password.sotto_backup' }, /refuses.*28P01/],
  ['no password', { passwordFile: undefined }, /password/],
  ['plain', { caFile: undefined }, /refuses.*28000/],
] as const)('%s: refused', async (_name, change, expected) => {
  const files = Object.fromEntries(
    Object.entries(change).map(([key, value]) => [key, value === undefined ? value : at(value)]),
  );
  const fault = await openPostgresStore({ ...enter('sotto_app'), ...files, logger: SILENT }).then(
    () => null,
    (cause: unknown) => cause,
  );
  assert.match(String(fault), expected);
  for (const role of ROLES) assert.notInclude(String(fault), passwordOf(role));
});

test('a certificate for another host: refused', async () => {
  // The same machine by a name that the certificate does not have.
  const { url, ...files } = enter('sotto_app');
  const options = { ...files, url: url.replace('127.0.0.1', '[::ffff:127.0.0.1]'), logger: SILENT };
  const fault = await openPostgresStore(options).then(
    () => null,
    (cause: unknown) => cause,
  );
  assert.match(String(fault), /certificate's altnames/);
});

test('a password file in the format of PGPASSFILE lets in as well', async () => {
  const passFile = at('pgpass');
  writeFileSync(passFile, `127.0.0.1:${postgres.port}:*:sotto_app:${passwordOf('sotto_app')}\n`, { mode: 0o600 });
  const store = await openPostgresStore({ ...enter('sotto_app'), passwordFile: undefined, passFile, logger: SILENT });
  await store.close();
});

/** The SQL blocks of the section about PostgreSQL. */
function guideSql(): string[] {
  const guide = readFileSync(new URL('../../../../../docs/admin-guide.md', import.meta.url), 'utf8');
  return [...guide.matchAll(/```sql\n(.*?)```/gs)].map(([, block = '']) => block);
}

function enter(role: (typeof ROLES)[number]): AccessOptions {
  const passwordFile = at(`password.${role}`);
  writeFileSync(passwordFile, `${passwordOf(role)}\n`, { mode: 0o600 });
  return { url: `postgres://${role}@127.0.0.1:${postgres.port}/sotto`, passwordFile, caFile: at('right.pem') };
}

async function session(options: AccessOptions): Promise<DatabaseSession> {
  return DatabaseSession.open(databaseAccess(options), 'test');
}

/** An authority, and a certificate of it for 127.0.0.1. */
async function authority(name: string): Promise<void> {
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const openssl = (...words: string[]) => promisify(execFile)('openssl', words, { cwd: folder });
  await openssl('req', '-x509', ...curve, '-subj', `/CN=${name}`, '-keyout', `${name}.key`, '-out', `${name}.pem`);
  await openssl(
    ...['req', '-x509', ...curve, '-subj', '/CN=db', '-addext', 'subjectAltName=IP:127.0.0.1'],
    ...['-addext', 'basicConstraints=critical,CA:FALSE', '-CA', `${name}.pem`, '-CAkey', `${name}.key`],
    ...['-keyout', `${name}.host.key`, '-out', `${name}.host.pem`],
  );
}

function at(name: string): string {
  return join(folder, name);
}

function passwordOf(role: string): string {
  return `a long word for ${role}`;
}
