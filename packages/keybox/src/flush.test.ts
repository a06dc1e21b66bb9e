import { parseHex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { ProtocolPolicyFault, type RecordHeader, signedRecord } from '@sotto/protocol';
import { type City, codeOf, type Person, readLog, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { keptRoom } from './forge.fixture.ts';
import { news, refusals, texts, toldCodes, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
});

afterAll(() => city[Symbol.asyncDispose]());

beforeEach(async () => {
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await updated(bob);
});

afterEach(() => {
  for (const { link } of [alice, bob]) {
    link.offline = false;
    link.repent();
  }
});

/** Says something without a network. */
async function queued(person: Person, ...words: readonly string[]): Promise<string[]> {
  const ids: string[] = [];
  person.link.offline = true;
  for (const word of words) {
    const { id, state } = await person.box.sendMessage(room, word);
    assert.strictEqual(state, 'queued');
    ids.push(id);
  }
  person.link.offline = false;
  return ids;
}

describe('the outbox', () => {
  test('keeps what is said offline, over a restart, and sends it once and in order', async () => {
    await queued(alice, 'one', 'two');
    alice.restart();
    assert.deepEqual(
      (await alice.box.listMessages(room)).map(({ state }) => state),
      ['queued', 'queued'],
    );
    await updated(alice, bob);
    assert.deepEqual(await texts(bob, room), ['one', 'two']);
    assert.deepEqual(await alice.box.listOutbox(), []);
  });

  test('sends the same key once, online and off', async () => {
    const first = await alice.box.sendMessage(room, 'only once', { key: 'k' });
    const second = await alice.box.sendMessage(room, 'only once', { key: 'k' });
    assert.strictEqual(second.id, first.id);
    const both = await Promise.all([1, 2].map(() => alice.box.sendMessage(room, 'nor twice', { key: 'l' })));
    assert.strictEqual(both[0]?.id, both[1]?.id);
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['only once', 'nor twice']);
  });

  test('a thousand at once', async () => {
    const words = Array.from({ length: 1000 }, (_, i) => `${i}`);
    await queued(alice, ...words);
    await updated(alice, bob);
    assert.deepEqual(await texts(bob, room), words);
  });

  test('gives back what was not sealed', async () => {
    const [id] = await queued(alice, 'no', 'yes');
    await alice.box.dropOutbox(id ?? '');
    await updated(alice, bob);
    assert.deepEqual(await texts(alice, room), ['yes']);
    assert.deepEqual(await texts(bob, room), ['yes']);
    assert.strictEqual(await codeOf(() => alice.box.dropOutbox(id ?? '')), 'not-found');
  });

  test('holds what may have been sent', async () => {
    alice.link.loseAnswers('records.append');
    const { id, state } = await alice.box.sendMessage(room, 'under way');
    assert.strictEqual(state, 'queued');
    assert.strictEqual(await codeOf(() => alice.box.dropOutbox(id)), 'queued');
    await updated(alice, bob);
    assert.deepEqual(await texts(bob, room), ['under way']);
  });
});

describe('between sealing and acknowledgement', () => {
  test('killed before it was sent: once', async () => {
    alice.link.lie('records.append', () => {
      throw new Error('killed');
    });
    const sending = alice.box.sendMessage(room, 'sealed').then(
      () => 'sent',
      (cause: Error) => cause.message,
    );
    assert.strictEqual(await sending, 'killed');
    alice.link.repent();
    alice.restart();
    await updated(alice, bob);
    assert.deepEqual(await texts(bob, room), ['sealed']);
  });

  test.each([1, 2, 3])('%i lost acknowledgements: once', async (times) => {
    alice.link.loseAnswers('records.append', times);
    for (let i = 0; i < times; i++) await alice.box.sendMessage(room, `word ${i}`);
    alice.restart();
    await updated(alice, bob);
    assert.deepEqual(
      await texts(bob, room),
      Array.from({ length: times }, (_, i) => `word ${i}`),
    );
    assert.deepEqual(await texts(alice, room), await texts(bob, room));
  });

  test('a statement whose acknowledgement was lost counts once', async () => {
    alice.link.loseAnswers('rooms.append');
    assert.strictEqual(await codeOf(() => alice.box.rotateRoom(room)), 'unreachable');
    await alice.box.sendMessage(room, 'after');
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['after']);
    assert.strictEqual((await bob.box.findRoom(room)).era, 1);
  });
});

describe('eras that overtake', () => {
  test('several of them, several queued: all arrive once, in order', async () => {
    for (const round of [1, 2, 3]) {
      // Sealed under the era of the moment, and refused for the next one.
      alice.link.lie('records.append', async (honest) => {
        alice.link.repent();
        await bob.box.rotateRoom(room);
        return honest();
      });
      await queued(alice, `a${round}`, `b${round}`);
      await alice.box.sendMessage(room, `c${round}`);
    }
    await updated(bob, alice);
    const said = [1, 2, 3].flatMap((round) => [`a${round}`, `b${round}`, `c${round}`]);
    assert.deepEqual(await texts(bob, room), said);
    assert.deepEqual(await texts(alice, room), said);
    assert.strictEqual((await alice.box.findRoom(room)).era, 3);
    assert.deepEqual(await news(bob, 'gap'), []);
  });

  test('what is sealed again names what it replaces, and keeps its number', async () => {
    let refused: RecordHeader | null = null;
    let hash: Uint8Array | null = null;
    alice.link.lie('records.append', async (honest, { records }) => {
      alice.link.repent();
      const signed = records[0]?.record.signed as Uint8Array;
      [refused, hash] = [signedRecord.parse(signed)[0], sha256(signed)];
      await bob.box.rotateRoom(room);
      return honest();
    });
    await alice.box.sendMessage(room, 'again');
    const last = (await readLog(alice, parseHex(room))).at(-1);
    const [header] = signedRecord.parse(last?.kind === 'record' ? last.record.signed : new Uint8Array());
    assert.deepEqual(header.replaces, hash);
    assert.strictEqual(header.seq, (refused as RecordHeader | null)?.seq);
    assert.strictEqual(header.era, 1);
    assert.notDeepEqual(header.salt, (refused as RecordHeader | null)?.salt);
  });

  test('taken under the old one, acknowledgement lost, sealed again: shown once', async () => {
    alice.link.loseAnswers('records.append');
    await alice.box.sendMessage(room, 'twice?');
    await bob.box.rotateRoom(room);
    await alice.box.sendMessage(room, 'next');
    await updated(bob, alice);
    assert.deepEqual(await texts(bob, room), ['twice?', 'next']);
    assert.deepEqual(await texts(alice, room), ['twice?', 'next']);
  });
});

describe('what the room does not take', () => {
  test('for a role that changed: marked, later ones go, all of it stays with its author', async () => {
    const ids = await queued(bob, 'not as reader');
    await alice.box.setRole(room, bob.address, 'reader');
    assert.deepEqual(await refusals(bob), ['role-insufficient']);
    assert.strictEqual((await bob.box.listOutbox()).find(({ id }) => id === ids[0])?.code, 'role-insufficient');
    assert.deepEqual(await refusals(bob), []);
    await alice.box.setRole(room, bob.address, 'member');
    await bob.box.sendMessage(room, 'as member');
    await updated(alice);
    assert.deepEqual(await texts(alice, room), ['as member']);
    assert.deepEqual(await texts(bob, room), ['as member', 'not as reader']);
    await bob.box.dropOutbox(ids[0] ?? '');
    assert.deepEqual(await texts(bob, room), ['as member']);
  });

  test('by the word of the server: the one is marked, those behind it go on', async () => {
    await queued(alice, 'one', 'two', 'three');
    alice.link.lie('records.append', async (honest, input) => {
      alice.link.repent();
      const answer = await honest({ ...input, records: input.records.slice(0, 1) });
      return { ...answer, refused: 'record-invalid' };
    });
    assert.deepEqual(await refusals(alice), ['record-invalid']);
    await updated(alice, bob);
    assert.deepEqual(await texts(bob, room), ['one', 'three']);
    assert.deepEqual(
      (await alice.box.listOutbox()).map(({ code }) => code),
      ['record-invalid'],
    );
    await alice.box.dropOutbox((await alice.box.listOutbox())[0]?.id ?? '');
    await alice.box.sendMessage(room, 'four');
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['one', 'three', 'four']);
  });

  test('for a passing reason stays queued', async () => {
    await queued(alice, 'patience');
    alice.link.lie('records.append', () => {
      throw new ProtocolPolicyFault('throttled', 'too fast');
    });
    assert.deepEqual(await refusals(alice), ['throttled']);
    alice.link.repent();
    await updated(alice, bob);
    assert.deepEqual(await texts(bob, room), ['patience']);
  });

  test('a reader leaves a room that waits for an era in peace', async () => {
    await alice.box.setRole(room, bob.address, 'reader');
    await alice.box.sendMessage(room, 'to read');
    city.clock.skip(8 * 24 * 3600 * 1000);
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['to read']);
    await alice.box.sendMessage(room, 'in a new era');
    city.clock.skip(61_000);
    await updated(bob, alice);
    assert.deepEqual((await alice.box.listMessages(room)).at(-1)?.state, 'delivered');
  });
});

test('an old copy of the vault stops writing as soon as it knows', async () => {
  const backup = await bob.copyVault();
  await bob.box.sendMessage(room, 'the newer vault');
  assert.strictEqual(await codeOf(() => backup.box.sendMessage(room, 'the older one')), 'state-forked');
  assert.include(await toldCodes(backup), 'state-forked');
  await updated(alice);
  assert.deepEqual(await texts(alice, room), ['the newer vault']);
  assert.strictEqual((await keptRoom(backup, room)).stopped, 'state-forked');
  await bob.box.sendMessage(room, 'goes on');
});
