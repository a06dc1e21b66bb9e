import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseHex, utf8 } from '@sotto/bytes';
import { afterEach, assert, beforeEach, describe, onTestFinished, test } from 'vitest';
import { hashBytes } from '../adapters/durable-files.ts';
import { blobPath } from '../backup/backup.ts';
import { restoreServer } from '../backup/restore.ts';
import { verifyBackup } from '../backup/verify.ts';
import { writeFirstStart } from '../first-start.ts';
import { refusal, TestHome, type TestMember } from '../home.fixture.ts';
import { createLogger } from '../log.ts';
import { fetchReplica } from './fetch-replica.ts';
import { Replica } from './replica.ts';
import { chunkName, INDEX, parseIndex, type ReplicaIndex } from './replica-index.ts';
import { type Replication, startReplication } from './replication.ts';
import { Swift } from './swift.fixture.ts';
import { openTarget, type ReplicaTarget } from './target.ts';

let home: TestHome;
let ann: TestMember;

beforeEach(async () => {
  home = await TestHome.open();
  writeFirstStart(home.directory, { domain: 'example.org', database: 'sqlite', web: 1, native: 2 });
  ann = await home.signUp('ann');
});
afterEach(() => home.close());

describe('a replica in a folder', () => {
  test('becomes a backup that is sound, with its blobs', async () => {
    const { target, place } = folderReplica();
    await addBlob('a file');
    await replicaOf(target).ship();
    const found = verifyBackup(await fetched(target));
    assert.deepEqual(
      { sound: found.sound, missing: found.missing, blobs: found.counts.blobs },
      { sound: true, missing: [], blobs: 1 },
    );
    assert.deepEqual(readdirSync(place).toSorted(), ['blobs', 'chunks', 'replica.json']);
    assert.notInclude(readdirSync(home.directory), 'replica.tmp');
  });

  test('gets what changed alone, and forgets what nobody needs', async () => {
    const { target } = folderReplica();
    const room = await home.createRoom(ann);
    for (let i = 0; i < 200; i++) await home.write(ann, room, 'x'.repeat(3000));
    const counted = counting(target);
    const replica = replicaOf(counted);
    await replica.ship();
    const whole = counted.puts.length;
    assert.isAbove(whole, 10);
    counted.puts.length = 0;
    await home.write(ann, room, 'one more');
    await replica.ship();
    assert.isBelow(counted.puts.length, whole / 2);
    for (let i = 0; i < 3; i++) {
      await home.write(ann, room, 'and more');
      await replica.ship();
    }
    assert.isAbove(counted.removed.length, 0);
    for (const name of counted.removed) assert.isNull(await target.read(name), name);
    verifyBackup(await fetched(target));
  });

  test('restores to the server as it was', async () => {
    const { target } = folderReplica();
    const room = await home.createRoom(ann);
    await home.write(ann, room);
    await replicaOf(target).ship();
    const { primitives } = home.world;
    const options = { keysPassphrase: null, settleMilliseconds: 0, primitives, now: () => home.now() };
    const restored = await restoreServer({
      ...options,
      backup: await fetched(target),
      dataDir: join(folder(), 'data'),
    });
    assert.strictEqual(restored.incarnation, home.now());
  });

  test('of another server, or of a later life of this one, is left alone', async () => {
    const { target } = folderReplica();
    await replicaOf(target).ship();
    const other = await TestHome.open('other');
    onTestFinished(() => other.close());
    writeFirstStart(other.directory, { domain: 'example.org', database: 'sqlite', web: 1, native: 2 });
    await other.signUp('ben');
    assert.strictEqual(await refusal(replicaOf(target, other).ship()), 'replica-foreign');
  });

  test('with a piece that is damaged or gone is refused', async () => {
    const { target, place } = folderReplica();
    await replicaOf(target).ship();
    const path = join(place, chunkName((await indexOf(target)).database.chunks[0] as string));
    const intact = readFileSync(path);
    for (const bytes of [intact.subarray(1), Buffer.concat([intact, Buffer.of(0)]), null]) {
      if (bytes === null) rmSync(path);
      else writeFileSync(path, bytes);
      assert.strictEqual(await refusal(fetched(target)), 'backup-damaged');
    }
    writeFileSync(join(place, INDEX), '{}');
    assert.strictEqual(await refusal(fetched(target)), 'backup-damaged');
    assert.strictEqual(await refusal(fetched(openTarget(folder(), {}))), 'backup-missing');
  });
});

describe('replication', () => {
  test('goes on when the target is down, tells it, and catches up', async () => {
    const { target, place } = folderReplica();
    const lines: string[] = [];
    const replication = run(target, lines);
    await until(() => told(lines, 'replica-current'));
    assert.strictEqual(replication.lagSeconds(), 0);
    renameSync(place, `${place}.away`);
    writeFileSync(place, 'a file where the folder was');
    await home.createRoom(ann);
    home.advance(60_000);
    assert.isAtLeast(replication.lagSeconds(), 60);
    await until(() => told(lines, 'replica-behind'));
    rmSync(place);
    renameSync(`${place}.away`, place);
    await until(() => replication.lagSeconds() === 0);
    assert.isTrue(verifyBackup(await fetched(target)).sound);
  });

  test('ships what came last before it ends', async () => {
    const { target } = folderReplica();
    const lines: string[] = [];
    const replication = run(target, lines);
    await until(() => told(lines, 'replica-current'));
    await home.createRoom(ann);
    await replication.close();
    const found = verifyBackup(await fetched(target));
    assert.strictEqual(found.counts.rooms, 2);
  });
});

describe('a replica in S3', () => {
  test('is shipped, survives an outage, and is restored', async (context) => {
    const swift = await Swift.start();
    if (swift === null) return context.skip('Swift is not installed');
    onTestFinished(() => swift[Symbol.asyncDispose]());
    const target = openTarget('s3://safe/sotto/first', swift.environment);
    await addBlob('a file');
    const replica = replicaOf(target);
    await replica.ship();
    await swift.pause();
    await home.createRoom(ann);
    assert.isNotNull(
      await replica.ship().then(
        () => null,
        (cause: unknown) => cause,
      ),
    );
    assert.strictEqual(await refusal(fetched(target)), 'replica-unreachable');
    await swift.resume();
    await replica.ship();
    for (let i = 0; i < 2; i++) {
      await home.createRoom(ann);
      await replica.ship();
    }
    const found = verifyBackup(await fetched(target));
    assert.deepEqual(
      { sound: found.sound, rooms: found.counts.rooms, blobs: found.counts.blobs },
      { sound: true, rooms: 4, blobs: 1 },
    );
    const wrong = openTarget('s3://safe/sotto/first', { ...swift.environment, AWS_SECRET_ACCESS_KEY: 'wrong' });
    assert.strictEqual(await refusal(fetched(wrong)), 'replica-unreachable');
    assert.strictEqual(await refusal(fetched(openTarget('s3://safe/elsewhere', swift.environment))), 'backup-missing');
  }, 240_000);
});

describe('a place', () => {
  test.each([
    ['ftp://elsewhere/x', {}],
    ['s3://Bucket/x', { AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' }],
    ['s3://bucket/x', { AWS_SHARED_CREDENTIALS_FILE: '/nowhere' }],
    ['s3://bucket', { AWS_ACCESS_KEY_ID: 'a', AWS_SHARED_CREDENTIALS_FILE: '/nowhere' }],
  ])('%s with these variables is refused', async (place, environment) => {
    assert.strictEqual(await refusal((async () => openTarget(place, environment))()), 'replica-malformed');
  });

  test('of S3 takes the credentials of the profile in a file', () => {
    const path = join(folder(), 'credentials');
    writeFileSync(
      path,
      '[default]\naws_access_key_id = a\naws_secret_access_key = b\n[other]\naws_access_key_id = c\n',
    );
    openTarget('s3://bucket/x', { AWS_SHARED_CREDENTIALS_FILE: path });
    assert.throws(() => openTarget('s3://bucket/x', { AWS_SHARED_CREDENTIALS_FILE: path, AWS_PROFILE: 'other' }));
  });
});

function run(target: ReplicaTarget, lines: string[]): Replication {
  const timer = {
    after(milliseconds: number, expire: () => void) {
      const timeout = setTimeout(expire, Math.min(milliseconds, 100));
      return () => clearTimeout(timeout);
    },
  };
  const logger = createLogger('info', (line) => void lines.push(line));
  const replication = startReplication({ ...sourceOf(home), target, intervalMilliseconds: 50, timer, logger });
  onTestFinished(() => replication.close());
  return replication;
}

function told(lines: readonly string[], event: string): boolean {
  return lines.some((line) => JSON.parse(line).event === event);
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 50));
}

function sourceOf(from: TestHome) {
  return { dataDir: from.directory, program: 'test', now: () => from.now() };
}

function replicaOf(target: ReplicaTarget, from = home): Replica {
  return new Replica(target, sourceOf(from));
}

function folderReplica(): { readonly target: ReplicaTarget; readonly place: string } {
  const place = join(folder(), 'replica');
  return { target: openTarget(place, {}), place };
}

function counting(target: ReplicaTarget): ReplicaTarget & { readonly puts: string[]; readonly removed: string[] } {
  const puts: string[] = [];
  const removed: string[] = [];
  return {
    puts,
    removed,
    read: (name) => target.read(name),
    put(name, bytes) {
      puts.push(name);
      return target.put(name, bytes);
    },
    remove(name) {
      removed.push(name);
      return target.remove(name);
    },
  };
}

async function fetched(target: ReplicaTarget): Promise<string> {
  const backup = join(folder(), 'backup');
  await fetchReplica(target, backup);
  return backup;
}

async function indexOf(target: ReplicaTarget): Promise<ReplicaIndex> {
  return parseIndex((await target.read(INDEX)) as Uint8Array);
}

async function addBlob(content: string): Promise<void> {
  const bytes = utf8(content);
  const path = join(home.directory, blobPath(hashBytes(bytes)));
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, bytes);
  const values = { hash: parseHex(hashBytes(bytes)), size_bytes: bytes.length, account_id: ann.accountId };
  await home.store.transact((database) => database.insertInto('blobs').values(values).execute());
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'sotto-replica-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}
