import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hex, parseHex, utf8 } from '@sotto/bytes';
import { afterAll, assert, beforeAll, describe, onTestFinished, test } from 'vitest';
import { hashBytes } from '../adapters/durable-files.ts';
import { writeFirstStart } from '../first-start.ts';
import { refusal, TestHome, type TestMember } from '../home.fixture.ts';
import { createLogger } from '../log.ts';
import { startServer } from '../server.ts';
import type { AccessOptions } from '../store/postgres/access.ts';
import { connect } from '../store/sqlite.ts';
import { databaseOf } from '../store/store.fixture.ts';
import { backupServer } from './backup.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { restoreServer, UNFINISHED } from './restore.ts';
import { type Verification, verifyBackup, verifyData, verifyPostgres } from './verify.ts';

let home: TestHome;
let database: AccessOptions | undefined;
let ann: TestMember;
let backup: string;
let manifest: Manifest;

beforeAll(async () => {
  home = await TestHome.open();
  database = await databaseOf(home.directory);
  writeFirstStart(home.directory, { database: home.store.kind, domain: 'example.org', web: 1, native: 2 });
  ann = await home.signUp('ann');
  const room = await home.createRoom(ann);
  for (const text of ['one', 'two', 'three']) await home.write(ann, room, text);
  const blob = utf8('what a blob may hold');
  mkdirSync(join(home.directory, 'blobs', hashBytes(blob).slice(0, 2)), { recursive: true });
  writeFileSync(blobPath(home.directory), blob);
  const hash = parseHex(hashBytes(blob));
  const named = { hash, size_bytes: blob.length, account_id: ann.accountId };
  await home.store.transact((database) => database.insertInto('blobs').values(named).execute());
  backup = join(folder(), 'backup');
  manifest = await make(backup, PASSPHRASE);
});
afterAll(() => home.close());

describe('a backup', () => {
  test('names the cluster and every file, and is sound', () => {
    assert.strictEqual(manifest.domain, 'example.org');
    assert.strictEqual(manifest.ca, hex(home.cluster.caFingerprint));
    const paths = manifest.files.map(({ path }) => path);
    assert.deepEqual(paths.toSorted(), [blobPath(''), 'first-start.json', 'keys.sealed', 'sotto.db'].toSorted());
    assert.deepEqual(parseManifest(Uint8Array.from(readFileSync(join(backup, 'manifest.json')))), manifest);
    const found = verifyBackup(backup);
    assert.deepEqual(found.problems, []);
    assert.deepEqual(found.counts, { files: 2, rooms: 2, chains: 1, blobs: 1 });
  });

  test('is for its owner alone, in a folder that others may enter, too', async () => {
    const target = join(folder(), 'open');
    mkdirSync(target, { mode: 0o755 });
    const { files } = await make(target, PASSPHRASE);
    for (const path of [...files.map((file) => file.path), 'manifest.json']) {
      assert.strictEqual(statSync(join(target, path)).mode & 0o077, 0, path);
    }
  });

  test('is one moment of a server that goes on writing', async () => {
    const room = await home.createRoom(ann);
    const target = join(folder(), 'backup');
    let writing = true;
    const writer = (async () => {
      while (writing) await home.write(ann, room);
    })();
    for (let i = 0; i < 3; i++) {
      await make(join(target, `${i}`), null);
      assert.deepEqual(verifyBackup(join(target, `${i}`)).problems, []);
      await home.write(ann, await home.createRoom(ann));
    }
    writing = false;
    await writer;
    assert.isAbove((await verifyHome()).counts.rooms, verifyBackup(backup).counts.rooms);
  });

  test('goes into an empty folder alone, and leaves nothing when it fails', async () => {
    const target = folder();
    writeFileSync(join(target, 'mine'), 'mine');
    assert.strictEqual(await refusal(make(target, null)), 'target-not-empty');
    assert.strictEqual(await refusal(make(join(target, 'mine', 'deeper'), null)), 'target-unusable');
    assert.deepEqual(readdirSync(target), ['mine']);
    const elsewhere = { dataDir: target, database: undefined };
    assert.strictEqual(
      await refusal(backupServer({ ...options(join(target, 'b'), null), ...elsewhere })),
      'data-unusable',
    );
  });

  test('holds no key in the clear, and none at all unless asked', async () => {
    const secret = readFileSync(join(home.directory, 'keys', 'opaque.setup'));
    for (const name of readdirSync(backup)) {
      if (name !== 'blobs')
        assert.strictEqual(readFileSync(join(backup, name)).indexOf(secret.subarray(0, 32)), -1, name);
    }
    const target = join(folder(), 'backup');
    await make(target, null);
    assert.notInclude(readdirSync(target), 'keys.sealed');
  });
});

describe('a damaged backup', () => {
  test('is found out and refused, whichever file it is in and wherever', async () => {
    for (const path of ['manifest.json', ...manifest.files.map((file) => file.path)]) {
      const intact = readFileSync(join(backup, path));
      const places = [0, Math.floor(intact.length / 2), intact.length - 1];
      for (const place of places) {
        const flipped = Buffer.from(intact);
        flipped[place] = (flipped[place] as number) ^ 1;
        await damaged(path, intact, flipped);
      }
      await damaged(path, intact, intact.subarray(0, intact.length - 1));
      await damaged(path, intact, Buffer.concat([intact, Buffer.of(0)]));
    }
  });

  test('a file that is missing is found out', async () => {
    for (const { path } of manifest.files) {
      const intact = readFileSync(join(backup, path));
      await damaged(path, intact, null);
    }
    const [whole] = [readFileSync(join(backup, 'manifest.json'))];
    rmSync(join(backup, 'manifest.json'));
    assert.strictEqual(await refusal(restore(join(folder(), 'data'))), 'backup-missing');
    writeFileSync(join(backup, 'manifest.json'), whole);
  });

  async function damaged(path: string, intact: Buffer, bytes: Buffer | null): Promise<void> {
    const data = join(folder(), 'data');
    if (bytes === null) rmSync(join(backup, path));
    else writeFileSync(join(backup, path), bytes);
    try {
      const found = verifyBackup(backup);
      assert.isFalse(found.sound, path);
      assert.include(
        found.problems.map(({ subject }) => subject),
        path,
      );
      assert.strictEqual(await refusal(restore(data)), 'backup-damaged', path);
      assert.isFalse(existsSync(data) && readdirSync(data).length > 0);
    } finally {
      writeFileSync(join(backup, path), intact);
    }
  }
});

describe('what SQLite does not see', () => {
  test.each([
    ['a signed entry', "update room_entries set signed = x'00' where n = 2", /^room .*: /],
    [
      'the hash of an entry',
      'update room_entries set log_hash = signed_hash where n = 2',
      /^room .*: the hash chain breaks at entry 2/,
    ],
    ['a missing entry', 'delete from room_entries where n = 3', /^room .*: entry 3 is missing/],
    ['a body', "update room_entries set body = x'00' where n = 3", /^room .*: the body of entry 3/],
    ['the end of a log', 'delete from room_entries where n = 4', /^room .*: the log has 4 entries instead of 5/],
    ['a head', 'update rooms set hash = zeroblob(32) where length = 5', /^room .*: the log leads to another head/],
    ['a statement', 'delete from statements where seq = 1', /^chain .*: the sigchain has 1 statements instead of 2/],
  ])('%s that was changed is found by its hash', async (_name, sql, expected) => {
    const data = folder();
    const { target } = await copyInto(data);
    const connection = connect(join(target, 'sotto.db'), { readonly: false, maxBytes: null });
    connection.pragma('foreign_keys = off');
    connection.exec(sql);
    connection.close();
    const found = verifyData(target);
    assert.isFalse(found.sound);
    assert.match(`${found.problems[0]?.subject}: ${found.problems[0]?.problem}`, expected);
  });

  test('a blob that is named and not there is told, and is no reason not to restore', async () => {
    const { target } = await copyInto(folder());
    rmSync(blobPath(target));
    const found = verifyData(target);
    assert.deepEqual({ sound: found.sound, missing: found.missing }, { sound: true, missing: [blobPath('')] });
    const again = join(folder(), 'backup');
    await backupServer({ ...options(again, PASSPHRASE), dataDir: target, database: undefined });
    await restore(join(folder(), 'data'), { backup: again });
  });

  test('a blob that is not what its name says', async () => {
    const data = folder();
    const { target } = await copyInto(data);
    writeFileSync(blobPath(target), 'something else');
    assert.deepEqual(verifyData(target).problems, [
      { subject: blobPath(''), problem: 'the blob is not what its name says' },
    ]);
  });
});

describe('a restore', () => {
  test('gives a server that starts with the same authority and a higher incarnation', async () => {
    const { target, restored } = await copyInto(folder());
    assert.isTrue(restored.keys);
    assert.strictEqual(restored.incarnation, home.now());
    assert.isFalse(existsSync(join(target, UNFINISHED)));
    assert.deepEqual(readFileSync(blobPath(target)), readFileSync(blobPath(home.directory)));
    assert.deepEqual(verifyData(target).problems, []);
    writeFirstStart(target, {
      database: 'sqlite',
      domain: 'example.org',
      web: 0 + (await freePort()),
      native: await freePort(),
    });
    const server = await startServer({ dataDir: target, logger: createLogger('silent') });
    assert.strictEqual(server.caFingerprint, manifest.ca);
    assert.isNull(server.invitation);
    await server.close();
    const again = join(folder(), 'second backup');
    await backupServer({ ...options(again, PASSPHRASE), dataDir: target, database: undefined });
    const second = await restore(join(folder(), 'data'), { backup: again });
    assert.strictEqual(second.incarnation, restored.incarnation + 1);
  });

  test('takes keys that lie there already, if they are the right ones', async () => {
    const data = folder();
    const other = await TestHome.open('other');
    onTestFinished(() => other.close());
    mkdirSync(join(data, 'keys'));
    const put = (from: TestHome): void => {
      for (const name of readdirSync(join(from.directory, 'keys'))) {
        writeFileSync(join(data, 'keys', name), readFileSync(join(from.directory, 'keys', name)));
      }
    };
    put(other);
    assert.strictEqual(await refusal(restore(data, { keysPassphrase: null })), 'keys-mismatch');
    assert.deepEqual(readdirSync(data), ['keys']);
    put(home);
    assert.strictEqual(await refusal(restore(data)), 'target-not-empty');
    assert.isTrue((await restore(data, { keysPassphrase: null })).keys);
  });

  test('is refused with a wrong passphrase, without keys to open, into a folder in use, from a newer schema', async () => {
    const data = join(folder(), 'data');
    assert.strictEqual(await refusal(restore(data, { keysPassphrase: `${PASSPHRASE}!` })), 'backup-passphrase');
    const without = join(folder(), 'backup');
    await make(without, null);
    assert.strictEqual(await refusal(restore(data, { backup: without })), 'backup-missing');
    assert.isFalse((await restore(data, { backup: without, keysPassphrase: null })).keys);
    assert.strictEqual(await refusal(restore(data)), 'target-not-empty');
    assert.strictEqual(await refusal(restore(join(folder(), 'x'), { backup: newerSchema(without) })), 'schema-newer');
  });

  test('that was cut off starts no server', async () => {
    const { target } = await copyInto(folder());
    writeFileSync(join(target, UNFINISHED), '');
    assert.strictEqual(
      await refusal(startServer({ dataDir: target, logger: createLogger('silent') })),
      'data-unusable',
    );
  });
});

async function copyInto(parent: string) {
  const target = join(parent, 'data');
  return { target, restored: await restore(target) };
}

/** The same backup as a program of next year would have made it. */
function newerSchema(made: string): string {
  const connection = connect(join(made, 'sotto.db'), { readonly: false, maxBytes: null });
  connection.pragma('journal_mode = delete');
  connection.pragma('user_version = 1000');
  connection.close();
  return made;
}

function verifyHome(): Verification | Promise<Verification> {
  return database === undefined ? verifyData(home.directory) : verifyPostgres(home.directory, database);
}

function make(target: string, keysPassphrase: string | null): Promise<Manifest> {
  return backupServer(options(target, keysPassphrase));
}

function options(target: string, keysPassphrase: string | null) {
  const { primitives } = home.world;
  const now = (): number => home.now();
  return { dataDir: home.directory, database, target, keysPassphrase, program: '0.1.0', primitives, now };
}

function restore(dataDir: string, change: Partial<Parameters<typeof restoreServer>[0]> = {}) {
  const { primitives } = home.world;
  const now = (): number => home.now();
  return restoreServer({
    backup,
    dataDir,
    keysPassphrase: PASSPHRASE,
    settleMilliseconds: 0,
    primitives,
    now,
    ...change,
  });
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sotto-backup-'));
  folders.push(made);
  return made;
}

const folders: string[] = [];
afterAll(() => {
  for (const made of folders) rmSync(made, { recursive: true, force: true });
});

function blobPath(directory: string): string {
  const hash = hashBytes(utf8('what a blob may hold'));
  return join(directory, 'blobs', hash.slice(0, 2), hash);
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
