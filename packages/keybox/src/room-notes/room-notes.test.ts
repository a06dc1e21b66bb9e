import { hex, parseHex } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { newDevice } from '../archive/new-device.fixture.ts';
import { KeyboxUsageFault } from '../fault.ts';
import { updated } from '../talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
/** Alice's other device. */
let tablet: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice', { roaming: true });
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  ({ id: room } = await alice.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' }));
  await alice.box.addMember(room, bob.address, 'member');
  tablet = await city.signIn(alice, 'tablet');
  await updated(tablet, bob);
});

afterAll(() => city[Symbol.asyncDispose]());

const marks = async ({ box }: Person) => (await box.findRoom(room)).marks;
const draft = async ({ box }: Person) => (await box.roomNotes.draft(room))?.text ?? null;
const NONE = { pinned: false, archived: false, muted: false, mutedUntil: null };

async function offline(person: Person, work: () => Promise<void>): Promise<void> {
  for (const name of ['records.append', 'rooms.list', 'chains.read'] as const) {
    person.link.lie(name, () => Promise.reject(new KeyboxUsageFault('unreachable', 'the test has cut the line')));
  }
  await work().finally(() => person.link.repent());
}

describe('marks of a room', () => {
  test('are made here at once, and on the other devices of the account alone', async () => {
    assert.deepEqual(await marks(alice), NONE);
    await alice.box.roomNotes.pin(room, true);
    await alice.box.roomNotes.archive(room, true);
    await alice.box.roomNotes.mute(room, 'forever');
    const all = { pinned: true, archived: true, muted: true, mutedUntil: null };
    assert.deepEqual(await marks(alice), all);
    await updated(tablet, bob);
    assert.deepEqual(await marks(tablet), all);
    assert.deepEqual(await marks(bob), NONE);
    await tablet.box.roomNotes.archive(room, false);
    await tablet.box.roomNotes.mute(room, null);
    await updated(alice);
    assert.deepEqual(await marks(alice), { ...NONE, pinned: true });
  });

  test('end by themselves', async () => {
    const until = city.clock.now() + 3_600_000;
    await alice.box.roomNotes.mute(room, until);
    assert.deepInclude(await marks(alice), { muted: true, mutedUntil: until });
    city.clock.skip(3_600_001);
    assert.deepInclude(await marks(alice), { muted: false, mutedUntil: null });
  });

  test('of two devices the later in the log counts, on both', async () => {
    await offline(alice, async () => {
      await alice.box.roomNotes.pin(room, false);
      assert.isFalse((await marks(alice)).pinned);
    });
    await tablet.box.roomNotes.pin(room, true);
    await updated(alice);
    await updated(tablet);
    assert.isFalse((await marks(alice)).pinned);
    assert.isFalse((await marks(tablet)).pinned);
  });

  test('are refused for a room that is not here', async () => {
    assert.strictEqual(await codeOf(() => alice.box.roomNotes.pin('00'.repeat(32), true)), 'not-found');
    assert.strictEqual(await codeOf(() => alice.box.roomNotes.setDraft('ward', { text: 'x' })), 'not-found');
  });
});

describe('a draft', () => {
  test('goes on at another device, and ends with sending', async () => {
    const { id } = await alice.box.sendMessage(room, 'question');
    await alice.box.roomNotes.setDraft(room, { text: 'Dear al', replyTo: id });
    await updated(tablet, bob);
    assert.deepInclude(await tablet.box.roomNotes.draft(room), { text: 'Dear al', replyTo: id });
    assert.strictEqual((await tablet.box.findRoom(room)).draft, 'Dear al');
    assert.isNull(await draft(bob));
    await tablet.box.sendMessage(room, 'Dear all');
    assert.isNull(await draft(tablet));
    await updated(alice);
    assert.isNull(await draft(alice));
    assert.isNull((await alice.box.findRoom(room)).draft);
  });

  test('that was overtaken is kept by nobody', async () => {
    for (const text of ['one', 'two', 'three']) await alice.box.roomNotes.setDraft(room, { text });
    await updated(tablet);
    assert.strictEqual(await draft(tablet), 'three');
    const own = alice.session.identity.accountRoom;
    const { entries } = await alice.session.link.call('rooms.read', { room: own, from: 0, limit: 200 });
    const dropped = entries.filter((entry) => entry.kind === 'record' && entry.record.body === null);
    assert.isAtLeast(dropped.length, 2);
    await alice.box.roomNotes.setDraft(room, { text: '' });
    const later = await city.signIn(alice, 'phone');
    await updated(later);
    assert.isNull(await draft(later));
  });

  test('written again and again without a network is one record', async () => {
    const rows = () => alice.session.keys.query("SELECT 1 FROM outbox WHERE kind = 'draft'");
    await offline(alice, async () => {
      for (const text of ['a', 'ab', 'abc']) await alice.box.roomNotes.setDraft(room, { text });
      assert.strictEqual(await draft(alice), 'abc');
      assert.lengthOf(await rows(), 1);
    });
    await tablet.box.roomNotes.setDraft(room, { text: 'from the tablet' });
    await updated(alice, tablet);
    assert.deepEqual([await draft(alice), await draft(tablet)], ['abc', 'abc']);
    await alice.box.roomNotes.setDraft(room, { text: 'abc' });
    assert.lengthOf(await rows(), 0);
  });

  test('is not cleared by what is sent on from elsewhere', async () => {
    const { id } = await alice.box.sendMessage(room, 'news');
    await alice.box.roomNotes.setDraft(room, { text: 'kept' });
    await alice.box.forwardMessage(room, id, room);
    assert.strictEqual(await draft(alice), 'kept');
  });
});

describe('a room in the list', () => {
  test('shows who wrote last, what names me, and with whom a direct room is', async () => {
    await updated(alice, bob);
    await bob.box.markRead(room);
    await alice.box.sendMessage(room, `Look, @${bob.address}\nat this`);
    await alice.box.sendMessage(room, 'and that');
    await updated(bob);
    const { unread, unreadMentions, lastMessage, peer, stopped } = await bob.box.findRoom(room);
    assert.deepEqual([unread, unreadMentions, peer, stopped], [2, 1, null, null]);
    assert.deepInclude(lastMessage, { author: alice.address, text: 'and that', kind: 'text' });
    await bob.box.markRead(room);
    assert.deepInclude(await bob.box.findRoom(room), { unread: 0, unreadMentions: 0 });
    assert.strictEqual((await alice.box.directRoom(bob.address)).peer, bob.address);
    const { id } = await bob.box.sendMessage(room, 'mistake');
    await bob.box.deleteMessage(room, id);
    assert.strictEqual((await bob.box.findRoom(room)).lastMessage?.text, 'and that');
  });

  test('says why nothing can be sent', async () => {
    await alice.session.keys.apply([
      { sql: "UPDATE room SET stopped = 'room-forked' WHERE id = ?", parameters: [parseHex(room)] },
    ]);
    assert.strictEqual((await alice.box.findRoom(room)).stopped, 'room-forked');
    await alice.session.keys.apply([
      { sql: 'UPDATE room SET stopped = NULL WHERE id = ?', parameters: [parseHex(room)] },
    ]);
  });
});

test('marks and drafts come to a device that reads the account room anew', async () => {
  await alice.box.roomNotes.pin(room, true);
  await alice.box.roomNotes.setDraft(room, { text: 'half a sentence' });
  const own = alice.session.identity.accountRoom;
  await alice.session.history.apply([{ sql: 'DELETE FROM draft' }, { sql: 'DELETE FROM room_setting' }]);
  const anew = await newDevice(alice, hex(own));
  await anew.sync();
  assert.strictEqual((await anew.roomNotes.draft(room))?.text, 'half a sentence');
  assert.isTrue((await anew.findRoom(room)).marks.pinned);
});
