import { parseHex } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { KeyboxUsageFault } from './fault.ts';
import { insideOf } from './forge.fixture.ts';
import { enqueue } from './outbox.ts';
import { flushAll, news, texts, updated } from './talk.fixture.ts';
import type { MessagePlace } from './timeline/window.ts';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  carol = await city.join('carol');
  await city.befriend(alice, bob, carol);
});

afterAll(() => city[Symbol.asyncDispose]());

async function chat(options: { history?: 'all' | 'from-join'; keying?: 'era' | 'per-message' } = {}): Promise<string> {
  const { history = 'all', keying = 'era' } = options;
  return (await alice.box.createRoom({ name: 'tea', type: 'chat', history, keying })).id;
}

describe('history', () => {
  test('of all: a newcomer reads every era, those before a removal and a return included', async () => {
    const room = await chat();
    await alice.box.sendMessage(room, 'era 0');
    await alice.box.addMember(room, bob.address, 'member');
    await alice.box.removeMember(room, bob.address);
    await alice.box.sendMessage(room, 'era 1');
    await alice.box.rotateRoom(room);
    await alice.box.addMember(room, bob.address, 'member');
    await alice.box.sendMessage(room, 'era 2');
    await alice.box.addMember(room, carol.address, 'member');
    await updated(bob, carol);
    assert.deepEqual(await texts(carol, room), ['era 0', 'era 1', 'era 2']);
    assert.deepEqual(await texts(bob, room), ['era 0', 'era 1', 'era 2']);
  });

  test('from-join: a newcomer sees the name and nothing from before', async () => {
    const room = await chat({ history: 'from-join' });
    await alice.box.sendMessage(room, 'before');
    await alice.box.addMember(room, bob.address, 'member');
    await alice.box.sendMessage(room, 'after');
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['after']);
    assert.strictEqual((await bob.box.findRoom(room)).name, 'tea');
    assert.deepEqual(await news(bob, 'refused'), []);
  });

  test('a change of policy binds what is written from then on', async () => {
    const room = await chat();
    await alice.box.sendMessage(room, 'open');
    await alice.box.setHistory(room, 'from-join');
    await alice.box.sendMessage(room, 'closed');
    await alice.box.setHistory(room, 'all');
    await alice.box.sendMessage(room, 'open again');
    await alice.box.addMember(room, bob.address, 'member');
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['open again']);
  });
});

describe('membership', () => {
  test('who is removed reads no later text, with all ciphertexts at hand', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'member');
    await alice.box.sendMessage(room, 'with you');
    await updated(bob);
    await alice.box.removeMember(room, bob.address);
    await alice.box.sendMessage(room, 'without you');
    // The server helps with everything that it has.
    const thief = await bob.copyVault();
    thief.link.lie('rooms.read', (_honest, input) => alice.session.link.call('rooms.read', input));
    await thief.box.sync();
    assert.deepEqual(await texts(thief, room), ['with you', '']);
    assert.strictEqual((await thief.box.listMessages(room))[1]?.state, 'undecryptable');
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['with you']);
    assert.strictEqual((await bob.box.findRoom(room)).role, null);
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(room, 'still here?')), 'not-a-member');
    await updated(alice);
    assert.deepEqual(await texts(alice, room), ['with you', 'without you']);
  });

  test('leaving: the last owner names a successor, and the next writer starts an era', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'member');
    await alice.box.addMember(room, carol.address, 'member');
    assert.strictEqual(await codeOf(() => alice.box.leaveRoom(room)), 'successor-needed');
    await alice.box.leaveRoom(room, { successor: bob.address });
    await updated(bob);
    const before = (await bob.box.findRoom(room)).era;
    await bob.box.sendMessage(room, 'among us');
    assert.strictEqual((await bob.box.findRoom(room)).era, before + 1);
    assert.strictEqual((await bob.box.findRoom(room)).role, 'owner');
    await updated(alice, carol);
    assert.deepEqual(await texts(carol, room), ['among us']);
    assert.deepEqual(await texts(alice, room), []);
  });

  test('a closed room takes nothing more and stays readable', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'member');
    await bob.box.sync();
    await bob.box.sendMessage(room, 'last words');
    await alice.box.closeRoom(room);
    assert.strictEqual(await codeOf(() => alice.box.sendMessage(room, 'too late')), 'room-closed');
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['last words']);
    const [refused] = (await alice.box.listOutbox()).filter((row) => row.room === room);
    assert.strictEqual(refused?.code, 'room-closed');
    await alice.box.dropOutbox(refused?.id ?? '');
    assert.deepEqual(await texts(alice, room), ['last words']);
  });

  test('roles: readers write nothing, admins add, nobody rises by themselves', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'reader');
    await updated(bob);
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(room, 'psst')), 'role-insufficient');
    assert.strictEqual(await codeOf(() => bob.box.renameRoom(room, 'mine')), 'role-insufficient');
    assert.strictEqual(await codeOf(() => bob.box.setRole(room, alice.address, 'reader')), 'role-insufficient');
    await alice.box.setRole(room, bob.address, 'admin');
    await updated(bob);
    await bob.box.addMember(room, carol.address, 'member');
    await bob.box.renameRoom(room, 'coffee');
    await bob.box.sendMessage(room, 'now');
    await updated(alice, carol);
    assert.strictEqual((await alice.box.findRoom(room)).name, 'coffee');
    assert.deepEqual(await texts(carol, room), ['now']);
    for (const { id, code } of await bob.box.listOutbox()) if (code !== null) await bob.box.dropOutbox(id);
  });

  test('a stranger is not added', async () => {
    const dave = await city.join('dave');
    const room = await chat();
    assert.strictEqual(await codeOf(() => alice.box.addMember(room, dave.address, 'member')), 'not-contact');
  });
});

describe('messages', () => {
  test('edits, reactions and deletions reach everybody; the server forgets the deleted', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'member');
    await updated(bob);
    const { id } = await alice.box.sendMessage(room, 'helo');
    await alice.box.editMessage(room, id, 'hello');
    await updated(bob);
    await bob.box.reactMessage(room, id, '👍');
    const doomed = await bob.box.sendMessage(room, 'forget this');
    await bob.box.deleteMessage(room, doomed.id);
    await updated(alice);
    const [first, second] = await alice.box.listMessages(room);
    assert.strictEqual(first?.text, 'hello');
    assert.strictEqual(first?.edited, true);
    assert.deepEqual(first?.reactions, [{ author: bob.address, text: '👍' }]);
    assert.strictEqual(second?.state, 'deleted');
    await alice.box.addMember(room, carol.address, 'member');
    await updated(carol);
    assert.deepEqual(
      (await carol.box.listMessages(room)).map(({ state }) => state),
      ['received', 'deleted'],
    );
    assert.deepEqual(await news(carol, 'refused'), []);
  });

  test('a reaction is taken back by its author alone, and comes again', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'member');
    const { id } = await alice.box.sendMessage(room, 'cake');
    await updated(bob);
    const shown = async ({ box }: Person) => (await box.showMessage(room, id)).reactions.map(({ text }) => text);
    await bob.box.reactMessage(room, id, '👍');
    await bob.box.reactMessage(room, id, '🎂');
    await alice.box.unreactMessage(room, id, '👍');
    await bob.box.unreactMessage(room, id, '🎂');
    const { cursor } = await alice.box.changes(-1);
    await updated(alice);
    for (const person of [alice, bob]) assert.deepEqual(await shown(person), ['👍']);
    assert.deepEqual(
      (await alice.box.changes(cursor)).messages
        .filter((each) => each.id === id)
        .map(({ reactions }) => reactions.length),
      [1],
    );
    await bob.box.reactMessage(room, id, '🎂');
    await updated(alice);
    assert.deepEqual(await shown(alice), ['👍', '🎂']);
    const records = await alice.session.history.query<{ record: Uint8Array }>(
      'SELECT record FROM reaction WHERE room = ? AND taken = 0',
      [parseHex(room)],
    );
    for (const { record } of records) {
      await enqueue(insideOf(alice), parseHex(room), { kind: 'delete', content: { target: record } });
    }
    await flushAll(alice);
    await alice.box.addMember(room, carol.address, 'member');
    await updated(alice, bob, carol);
    for (const person of [alice, bob, carol]) assert.deepEqual(await shown(person), ['👍', '🎂']);
  });

  test('of others are neither edited nor, but by an admin, deleted', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'member');
    const { id } = await alice.box.sendMessage(room, 'mine');
    await updated(bob);
    assert.strictEqual(await codeOf(() => bob.box.editMessage(room, id, 'yours')), 'role-insufficient');
    assert.strictEqual(await codeOf(() => bob.box.deleteMessage(room, id)), 'role-insufficient');
    const other = await bob.box.sendMessage(room, 'rude');
    await updated(alice);
    await alice.box.deleteMessage(room, other.id);
    await updated(bob);
    assert.deepEqual(
      (await bob.box.listMessages(room)).map(({ state }) => state),
      ['received', 'deleted'],
    );
  });

  test('states: accepted, delivered, read; one receipt a minute, cumulative', async () => {
    const room = await chat();
    await alice.box.addMember(room, bob.address, 'member');
    const state = async () => (await alice.box.listMessages(room)).map((message) => message.state);
    await alice.box.sendMessage(room, 'one');
    await alice.box.sendMessage(room, 'two');
    assert.deepEqual(await state(), ['accepted', 'accepted']);
    await updated(bob, alice);
    assert.deepEqual(await state(), ['delivered', 'delivered']);
    const [one] = await alice.box.listMessages(room);
    await bob.box.markRead(room, one?.n ?? 0);
    await updated(alice);
    assert.deepEqual(await state(), ['read', 'delivered']);
    await alice.box.sendMessage(room, 'three');
    await updated(bob, alice);
    assert.deepEqual(await state(), ['read', 'delivered', 'accepted']);
    city.clock.skip(61_000);
    await updated(bob, alice);
    assert.deepEqual(await state(), ['read', 'delivered', 'delivered']);
    assert.strictEqual((await bob.box.findRoom(room)).unread, 2);
    await bob.box.markRead(room);
    assert.strictEqual((await bob.box.findRoom(room)).unread, 0);
  });
});

describe('direct rooms', () => {
  test('made by both at once: one stays, the same for both', async () => {
    alice.link.lie('rooms.append', async (honest) => {
      alice.link.repent();
      await bob.box.directRoom(alice.address);
      return honest();
    });
    const mine = await alice.box.directRoom(bob.address);
    await alice.box.sendMessage(mine.id, 'mine');
    await bob.box.sendMessage((await bob.box.directRoom(alice.address)).id, 'yours');
    await updated(alice, bob, alice);
    const left = (await alice.box.listRooms()).filter(({ type }) => type === 'direct');
    const right = (await bob.box.listRooms()).filter(({ type }) => type === 'direct');
    assert.strictEqual(left.length, 1);
    assert.strictEqual(left[0]?.id, right[0]?.id);
    assert.strictEqual((await alice.box.directRoom(bob.address)).id, (await bob.box.directRoom(alice.address)).id);
    await alice.box.sendMessage(left[0]?.id ?? '', 'found you');
    await updated(bob);
    for (const person of [alice, bob]) {
      const all = await texts(person, left[0]?.id ?? '');
      assert.sameMembers(all, ['mine', 'yours', 'found you']);
      assert.strictEqual(all.at(-1), 'found you');
      const { messages, total, older } = await person.box.pageMessages(left[0]?.id ?? '', { limit: 10 });
      assert.deepEqual([messages.map(({ text }) => text), total, older], [all, 3, false]);
      const [first, second] = messages.map(({ room, n }) => ({ room, n: n ?? -1 })) as [MessagePlace, MessagePlace];
      const before = await person.box.pageMessages(left[0]?.id ?? '', { before: second });
      assert.deepEqual([before.messages.map(({ text }) => text), before.older], [all.slice(0, 1), false]);
      const after = await person.box.pageMessages(left[0]?.id ?? '', { after: first, limit: 1 });
      assert.deepEqual([after.messages.map(({ text }) => text), after.newer], [all.slice(1, 2), true]);
    }
    assert.strictEqual(left[0]?.name, bob.address);
  });

  test('broken off half-way is gone on with', async () => {
    const stop = alice.link.lie('rooms.append', () => {
      throw new KeyboxUsageFault('unreachable', 'not now');
    });
    alice.link.asked.length = 0;
    assert.strictEqual(await codeOf(() => alice.box.directRoom(carol.address)), 'unreachable');
    assert.deepEqual(
      (await alice.box.listRooms()).filter(({ name }) => name === alice.address),
      [],
    );
    stop();
    const { id } = await alice.box.directRoom(carol.address);
    await alice.box.sendMessage(id, 'at last');
    await updated(carol);
    assert.deepEqual(await texts(carol, id), ['at last']);
    assert.strictEqual(alice.link.asked.filter(({ name }) => name === 'rooms.create').length, 1);
  });

  test('left by one, the next talk is in a new one', async () => {
    const { id } = await alice.box.directRoom(carol.address);
    await carol.box.sync();
    await carol.box.leaveRoom(id);
    await updated(alice);
    const again = await alice.box.directRoom(carol.address);
    assert.notStrictEqual(again.id, id);
    await alice.box.sendMessage(again.id, 'once more');
    await updated(carol);
    assert.strictEqual((await carol.box.directRoom(alice.address)).id, again.id);
  });
});

describe('keying per message', () => {
  test('everybody reads it, a newcomer from then on', async () => {
    const room = await chat({ keying: 'per-message' });
    await alice.box.addMember(room, bob.address, 'member');
    await alice.box.sendMessage(room, 'to two');
    await alice.box.addMember(room, carol.address, 'member');
    await updated(bob);
    await bob.box.sendMessage(room, 'to three');
    await updated(alice, carol);
    assert.deepEqual(await texts(alice, room), ['to two', 'to three']);
    assert.deepEqual(await texts(bob, room), ['to two', 'to three']);
    assert.deepEqual(await texts(carol, room), ['to three']);
  });
});

describe('suites', () => {
  test('classic, hybrid and a third party talk in one room, which then is not called post-quantum', async () => {
    const old = await city.join('old', { suite: 'classic' });
    const odd = await city.join('odd', { suite: 'p384' });
    await city.befriend(alice, old);
    await city.befriend(alice, odd);
    for (const keying of ['era', 'per-message'] as const) {
      const room = await chat({ keying });
      assert.strictEqual((await alice.box.findRoom(room)).postQuantum, true);
      await alice.box.addMember(room, old.address, 'member');
      await alice.box.addMember(room, odd.address, 'member');
      assert.strictEqual((await alice.box.findRoom(room)).postQuantum, false);
      await alice.box.sendMessage(room, 'all of you');
      await updated(old, odd);
      await old.box.sendMessage(room, 'classic');
      await odd.box.sendMessage(room, 'p384');
      await updated(alice, old);
      assert.deepEqual(await texts(alice, room), ['all of you', 'classic', 'p384']);
      assert.deepEqual(await texts(old, room), await texts(alice, room));
      await alice.box.removeMember(room, old.address);
      await alice.box.removeMember(room, odd.address);
      assert.strictEqual((await alice.box.findRoom(room)).postQuantum, true);
    }
  });
});

test('everything at once from one client stays in order', async () => {
  const room = await chat();
  await alice.box.addMember(room, bob.address, 'member');
  const words = Array.from({ length: 12 }, (_, i) => `word ${i}`);
  await Promise.all([
    ...words.map((word) => alice.box.sendMessage(room, word)),
    alice.box.sync(),
    alice.box.rotateRoom(room),
  ]);
  await flushAll(alice);
  await updated(bob);
  assert.deepEqual((await texts(bob, room)).toSorted(), words.toSorted());
  assert.deepEqual(await texts(alice, room), await texts(bob, room));
});

test('eras: a room a week old gets a new one before the next record', async () => {
  const room = await chat();
  await alice.box.addMember(room, bob.address, 'member');
  await alice.box.sendMessage(room, 'monday');
  city.clock.skip(7 * 24 * 3600 * 1000 + 60_000);
  await alice.box.sendMessage(room, 'monday again');
  assert.strictEqual((await alice.box.findRoom(room)).era, 1);
  await updated(bob);
  assert.deepEqual(await texts(bob, room), ['monday', 'monday again']);
});
