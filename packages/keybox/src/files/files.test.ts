import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type City, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { updated } from '../talk.fixture.ts';
import { refusalOf } from '../vault.fixture.ts';
import { content, MemorySource, MemoryTarget } from './files.fixture.ts';

const MIB = 1024 * 1024;

let city: City;
let alice: Person;
let bob: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  room = (await alice.box.directRoom(bob.address)).id;
  await updated(bob);
});

afterAll(async () => {
  await city[Symbol.asyncDispose]();
});

describe('a file', () => {
  test.each([0, 1, 255, 256, 257, MIB - 1, MIB, MIB + 1, 5 * MIB + 12_345])(
    'of %i bytes arrives as it was',
    async (size) => {
      const bytes = content(size, size % 251);
      const source = new MemorySource(bytes, `/somewhere/${size}`);
      const shown: number[] = [];
      const progress = (done: number): void => void shown.push(done);
      const sent = await alice.box.files.send(room, source, { name: `${size}.bin`, progress });
      assert.strictEqual(sent.state, 'accepted');
      assert.strictEqual(shown.at(-1), size);
      assert.deepEqual(await alice.box.files.transfers(), []);
      await updated(bob);
      const file = await bob.box.files.find(room, `${size}.bin`);
      assert.strictEqual(file.sizeBytes, size);
      assert.strictEqual(file.contentHash, hex(sha256(bytes)));
      const target = new MemoryTarget(`/elsewhere/${size}`);
      await bob.box.files.get(room, file.id, { target });
      assert.deepEqual(target.final, bytes);
      assert.isNull(target.part);
      assert.deepEqual(await bob.box.files.transfers(), []);
    },
  );

  test('shows among the messages, and goes for everybody when it is removed', async () => {
    const source = new MemorySource(content(1000), '/somewhere/note');
    const { id } = await alice.box.files.send(room, source, { name: 'note.txt', mediaType: 'text/plain' });
    await updated(bob);
    const message = (await bob.box.listMessages(room)).find((each) => each.id === id);
    assert.deepEqual(message?.file, { id, version: 1, name: 'note.txt', sizeBytes: 1000, mediaType: 'text/plain' });
    const file = await bob.box.files.find(room, 'note.txt');
    await alice.box.files.remove(room, id);
    assert.strictEqual(
      await refusalOf(bob.box.files.get(room, file.id, { target: new MemoryTarget() })),
      'blob-withheld',
    );
    await updated(bob);
    assert.strictEqual(await refusalOf(bob.box.files.find(room, 'note.txt')), 'not-found');
  });

  test('has versions, which keep its id', async () => {
    const files = alice.box.files;
    const first = await files.send(room, new MemorySource(content(10, 1), '/somewhere/plan'), { name: 'plan.ods' });
    const second = new MemorySource(content(20, 2), '/somewhere/plan');
    await files.send(room, second, { name: 'plan.ods', replaces: first.id });
    await updated(bob);
    const file = await bob.box.files.find(room, 'plan.ods');
    assert.deepEqual([file.id, file.version, file.sizeBytes], [first.id, 2, 20]);
    const versions = await bob.box.files.versions(room, file.id);
    assert.deepEqual(
      versions.map(({ version, sizeBytes }) => [version, sizeBytes]),
      [
        [1, 10],
        [2, 20],
      ],
    );
    const target = new MemoryTarget();
    await bob.box.files.get(room, file.id, { target, version: 1 });
    assert.deepEqual(target.final, content(10, 1));
  });

  test('takes the place of nothing unless told', async () => {
    await alice.box.files.send(room, new MemorySource(content(10), '/somewhere/x'), { name: 'x' });
    await updated(bob);
    const { id } = await bob.box.files.find(room, 'x');
    const target = new MemoryTarget();
    target.final = content(3);
    assert.strictEqual(await refusalOf(bob.box.files.get(room, id, { target })), 'file-exists');
    assert.deepEqual(target.final, content(3));
    await bob.box.files.get(room, id, { target, replace: true });
    assert.deepEqual(target.final, content(10));
  });

  test('is sent once under one key', async () => {
    const source = new MemorySource(content(10), '/somewhere/keyed');
    const first = await alice.box.files.send(room, source, { name: 'keyed', key: 'k-1' });
    const again = await alice.box.files.send(room, source, { name: 'keyed', key: 'k-1' });
    assert.strictEqual(again.id, first.id);
  });

  test.each(['../x', '/etc/x', 'C:x', 'a\\b', 'CON', '.', '', 'a\u0000b', 'x\u202egnp', 'y'.repeat(256)])(
    'is not sent as %j',
    async (name) => {
      const source = new MemorySource(content(1), '/somewhere/named');
      assert.strictEqual(await refusalOf(alice.box.files.send(room, source, { name })), 'file-name-unsafe');
    },
  );
});
