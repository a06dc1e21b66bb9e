import { parseHex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type Body, blobBytes, blobsOf, fileNameFault, isFileNameTwin } from '@sotto/protocol';
import { type City, type Person, startCity, Tale } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { type ForgedRecord, forgeRecord, forgetRoom, message } from '../forge.fixture.ts';
import { texts, toldCodes, updated } from '../talk.fixture.ts';
import { content, MemorySource } from './files.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
/** A member whose client is modified. */
let mallory: Person;
let room: string;
let since: number;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  mallory = await city.join('mallory');
  await city.befriend(alice, bob, mallory);
});

afterAll(() => city[Symbol.asyncDispose]());

afterEach(async () => {
  bob.link.repent();
  await forgetRoom(bob, room);
});

beforeEach(async () => {
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await alice.box.addMember(room, mallory.address, 'member');
  await alice.box.sendMessage(room, 'before');
  await updated(bob, mallory);
  since = (await bob.box.keyLog()).length;
});

/** Bob's server puts a file record of Mallory's between two texts of Alice's; the names of files that Bob sees. */
async function namesWith(name: string, forged: ForgedRecord = {}): Promise<readonly string[]> {
  const body = fileBody(name);
  await alice.box.sendMessage(room, 'after');
  const tale = (await Tale.of(city, bob, parseHex(room))).tell();
  tale.entries.splice(-1, 0, await forgeRecord(mallory, room, { body, header: { blobs: blobsOf(body) }, ...forged }));
  await updated(bob);
  const shown = (await texts(bob, room)).filter((text) => text === 'before' || text === 'after');
  assert.deepEqual(shown, ['before', 'after']);
  return (await bob.box.files.list(room)).map((file) => file.name);
}

describe('F3: a file that no member sent', () => {
  test('attack: signed by a key of the server', async () => {
    const { suite } = mallory.session.identity;
    const { secretKey } = await suite.signature.generate();
    assert.deepEqual(await namesWith('evidence.pdf', { signer: secretKey }), []);
    assert.include(await toldCodes(bob, since), 'bad-signature');
  });

  test('control: signed by its author it is there', async () => {
    assert.deepEqual(await namesWith('evidence.pdf'), ['evidence.pdf']);
  });
});

describe('F8: a name that leads elsewhere', () => {
  const names = [
    ['parents', '../../x'],
    ['the root', '/etc/passwd'],
    ['a drive', 'C:x'],
    ['a separator of another system', 'a\\b'],
    ['a device', 'CON'],
    ['dots', '..'],
    ['NUL', 'a\u0000b'],
    ['bidi', 'invoice\u202efdp.exe'],
    ['900 characters', 'y'.repeat(900)],
  ] as const;

  test.each(names)('attack: %s is shown, and written, under another', async (_, name) => {
    const [shown = '', ...more] = await namesWith(name);
    assert.deepEqual(more, []);
    assert.isNull(fileNameFault(shown), shown);
    assert.isTrue((await bob.box.files.find(room, shown)).renamed);
  });

  test('attack: the twin of another name is set off', async () => {
    for (const [person, name] of [
      [alice, 'Plan.PDF'],
      [mallory, 'plan.pdf'],
    ] as const)
      await person.box.files.send(room, new MemorySource(content(10), `/somewhere/${name}`), { name });
    await updated(bob);
    const [first = '', second = ''] = (await bob.box.files.list(room)).map(({ name }) => name);
    assert.strictEqual(first, 'Plan.PDF');
    assert.isFalse(isFileNameTwin(first, second), second);
  });

  test('control: a harmless one is shown as it is', async () => {
    assert.deepEqual(await namesWith('Ärztebrief (2).odt'), ['Ärztebrief (2).odt']);
    assert.isFalse((await bob.box.files.find(room, 'Ärztebrief (2).odt')).renamed);
  });
});

/** A file record as a modified client of Mallory's writes it: no check is made of the name. */
function fileBody(name: string): Body {
  const hash = sha256(Uint8Array.of(1));
  return {
    ...message(mallory, ''),
    kind: 'file',
    content: {
      name,
      parent: null,
      sizeBytes: 10,
      mediaType: '',
      contentHash: hash,
      blob: { hash, sizeBytes: blobBytes(10), key: hash, chunkBytes: 1024 * 1024 },
      version: 1,
      replaces: null,
    },
  };
}
