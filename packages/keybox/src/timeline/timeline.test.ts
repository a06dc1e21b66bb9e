import { parseHex } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { KeyboxUsageFault } from '../fault.ts';
import type { Part, SqlValue } from '../ports.ts';
import { updated } from '../talk.fixture.ts';
import { MessageRows } from './rows.ts';
import { cutWindow, type MessagePage, type MessagePlace, type MessageWindow } from './window.ts';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;
let dora: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  carol = await city.join('carol');
  dora = await city.join('dora', { roaming: true });
  await city.befriend(alice, bob, carol);
  await city.befriend(alice, dora);
  ({ id: room } = await alice.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' }));
  await alice.box.addMember(room, bob.address, 'member');
  await alice.box.addMember(room, carol.address, 'member');
});

afterAll(() => city[Symbol.asyncDispose]());

async function newest({ box }: Person) {
  const page = await box.pageMessages(room, { limit: 1 });
  const [message] = page.messages;
  if (message === undefined) throw new Error('the room is empty');
  return message;
}

function shape({ messages, older, newer, total }: MessagePage) {
  return { texts: messages.map(({ text }) => text), older, newer, total };
}

describe('a window on a room', () => {
  let talk: string;
  const place = async (text: string) => {
    const found = (await alice.box.listMessages(talk)).find((each) => each.text === text);
    return { room: talk, n: found?.n ?? -1, id: found?.id ?? '', at: found?.at ?? 0 };
  };
  const page = async (window: MessageWindow, person = alice) => shape(await person.box.pageMessages(talk, window));

  beforeAll(async () => {
    talk = (await alice.box.createRoom({ name: 'long', type: 'chat', history: 'all', keying: 'era' })).id;
    await alice.box.addMember(talk, bob.address, 'member');
    for (let i = 0; i < 10; i++) {
      if (i === 5) city.clock.skip(24 * 3_600_000);
      await alice.box.sendMessage(talk, `m${i}`);
    }
    await updated(alice, bob);
  });

  test('shows the newest, and goes up and down from there without a gap', async () => {
    assert.deepEqual(await page({ limit: 4 }), {
      texts: ['m6', 'm7', 'm8', 'm9'],
      older: true,
      newer: false,
      total: 10,
    });
    const before = await place('m6');
    assert.deepEqual(await page({ before, limit: 4 }), {
      texts: ['m2', 'm3', 'm4', 'm5'],
      older: true,
      newer: true,
      total: 10,
    });
    assert.deepEqual((await page({ before: await place('m2'), limit: 4 })).older, false);
    assert.deepEqual((await page({ before: await place('m4'), limit: 4 })).older, false);
    const after = await page({ after: await place('m4'), limit: 4 });
    assert.deepEqual(after, { texts: ['m5', 'm6', 'm7', 'm8'], older: true, newer: true, total: 10 });
    assert.deepEqual((await page({ after: await place('m5'), limit: 4 })).newer, false);
    assert.deepEqual((await page({})).texts.length, 10);
  });

  test('stands around a message, a place and a day, and is filled from the longer side', async () => {
    const { id, n, at } = await place('m5');
    const around = { texts: ['m3', 'm4', 'm5', 'm6'], older: true, newer: true, total: 10 };
    assert.deepEqual(await page({ around: { id }, limit: 4 }), around);
    assert.deepEqual(await page({ around: { room: talk, n }, limit: 4 }), around);
    const day = await alice.box.pageMessages(talk, { around: { at: at - 12 * 3_600_000 }, limit: 4 });
    assert.deepEqual([shape(day), day.focus], [around, { room: talk, n }]);
    const first = await place('m0');
    assert.deepEqual((await page({ around: first, limit: 4 })).texts, ['m0', 'm1', 'm2', 'm3']);
    const last = await place('m9');
    assert.deepEqual((await page({ around: last, limit: 4 })).texts, ['m6', 'm7', 'm8', 'm9']);
    assert.deepEqual((await page({ around: { at: at + 1e9 }, limit: 2 })).texts, ['m8', 'm9']);
  });

  test('stands around the first unread message, and knows how many there are', async () => {
    await bob.box.markRead(talk, (await place('m3')).n);
    const { n } = await place('m4');
    const unread = await bob.box.pageMessages(talk, { around: 'unread', limit: 4 });
    assert.deepEqual(shape(unread).texts, ['m2', 'm3', 'm4', 'm5']);
    assert.deepEqual([unread.unread, unread.firstUnread, unread.focus], [6, { room: talk, n }, { room: talk, n }]);
    await bob.box.markRead(talk);
    const read = await bob.box.pageMessages(talk, { around: 'unread', limit: 2 });
    assert.deepEqual([shape(read).texts, read.unread, read.firstUnread], [['m8', 'm9'], 0, null]);
  });

  test('ends with what is queued', async () => {
    bob.link.lie('records.append', () => Promise.reject(unreachable()));
    await bob.box.sendMessage(talk, 'on its way');
    const late = await bob.box.pageMessages(talk, { limit: 2 });
    assert.deepEqual(shape(late), { texts: ['m8', 'm9', 'on its way'], older: true, newer: false, total: 11 });
    assert.deepEqual(late.messages.at(-1)?.state, 'queued');
    assert.deepEqual((await page({ before: await place('m9'), limit: 2 }, bob)).texts, ['m7', 'm8']);
    bob.link.repent();
    await bob.box.flushOutbox();
    assert.strictEqual((await page({ limit: 1 }, bob)).texts.at(-1), 'on its way');
  });

  test('is refused for what is not here', async () => {
    const there = { room, n: 3 };
    assert.strictEqual(await codeOf(() => page({ before: there })), 'not-found');
    assert.strictEqual(await codeOf(() => page({ around: { id: '00'.repeat(16) } })), 'not-found');
    assert.strictEqual(await codeOf(() => page({ around: { id: 'x' } })), 'not-found');
  });

  test('is cut by indexes alone, however long the room is', async () => {
    const { history } = alice.session;
    const asked: [string, readonly SqlValue[]][] = [];
    const watched: Part = {
      query: (sql, parameters = []) => {
        asked.push([sql, parameters]);
        return history.query(sql, parameters);
      },
      apply: (statements) => history.apply(statements),
    };
    const { id, n, at } = await place('m5');
    const rows = [new MessageRows(watched, parseHex(talk))];
    for (const around of [{ id }, { at }, { room: talk, n }]) await cutWindow(rows, { around }, null);
    const thread = [new MessageRows(watched, parseHex(talk), parseHex(id))];
    await cutWindow(thread, {}, null);
    assert.isAbove(asked.length, 8);
    for (const [sql, parameters] of asked) {
      const plan = await history.query<{ detail: string }>(`EXPLAIN QUERY PLAN ${sql}`, parameters);
      const steps = plan.map(({ detail }) => detail).join('; ');
      const isQueued = sql.includes('n IS NULL ORDER BY position');
      assert.match(steps, /SEARCH message USING INDEX/);
      if (!isQueued) assert.notMatch(steps, /TEMP B-TREE|SCAN/, sql);
    }
  });
});

describe('what a message shows', () => {
  test('whose it is, how far it has got, and by whom it was read', async () => {
    await bob.box.verifyContact(alice.address, alice.session.identity.fingerprint);
    await alice.box.sendMessage(room, 'hello all');
    await updated(bob, carol);
    assert.deepEqual((await newest(alice)).trust, { author: 'self', device: 'active' });
    assert.deepEqual((await newest(bob)).trust, { author: 'verified', device: 'active' });
    assert.deepEqual((await newest(carol)).trust, { author: 'unverified', device: 'active' });
    assert.isNull((await newest(bob)).delivery);
    city.clock.skip(61_000);
    await updated(bob, carol);
    await bob.box.markRead(room);
    await updated(bob, alice);
    const { state, delivery } = await newest(alice);
    assert.deepEqual([state, delivery], ['read', { delivered: 2, read: 1, of: 2 }]);
  });

  test('what it answers: its beginning in one line, until that is deleted', async () => {
    const { id } = await alice.box.sendMessage(room, `first\n${'long '.repeat(100)}`);
    const answer = await alice.box.sendMessage(room, 'yes', { replyTo: id });
    await updated(bob);
    const { replyTo } = await bob.box.showMessage(room, answer.id);
    assert.deepInclude(replyTo, { id, author: alice.address, state: 'here' });
    assert.match(replyTo?.text ?? '', /^first long long .{1,160}…$/);
    await alice.box.deleteMessage(room, id);
    await updated(bob);
    assert.deepInclude((await newest(bob)).replyTo, { text: '', state: 'deleted' });
    await bob.box.sendMessage(room, 'what?', { replyTo: '0f'.repeat(16) });
    const unknown = { id: '0f'.repeat(16), n: null, author: null, text: '', state: 'unknown' } as const;
    assert.deepEqual((await newest(bob)).replyTo, unknown);
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(room, 'x', { replyTo: 'nonsense' })), 'not-found');
  });

  test('its thread', async () => {
    const { id } = await alice.box.sendMessage(room, 'lunch?');
    await alice.box.sendMessage(room, 'noon', { thread: id });
    await updated(bob);
    await bob.box.sendMessage(room, 'one', { thread: id });
    await bob.box.sendMessage(room, 'something else');
    await updated(alice);
    assert.strictEqual((await alice.box.showMessage(room, id)).threadReplies, 2);
    const thread = await alice.box.pageMessages(room, { thread: id, limit: 1 });
    assert.deepEqual(shape(thread), { texts: ['one'], older: true, newer: false, total: 2 });
    assert.strictEqual(thread.messages[0]?.thread, id);
  });

  test('whom it names, by the addresses of members alone', async () => {
    await alice.box.sendMessage(
      room,
      `@${bob.address}, ask ${carol.address.toUpperCase()}. nobody@localhost x${bob.address}`,
    );
    await updated(bob, carol);
    const { mentions, mentionsMe } = await newest(bob);
    assert.deepEqual([mentions.toSorted(), mentionsMe], [[bob.address, carol.address].toSorted(), true]);
    await alice.box.sendMessage(room, `${alice.address} and x${bob.address} and ${bob.address}.example`);
    await updated(bob);
    assert.deepEqual([(await newest(bob)).mentions, (await newest(bob)).mentionsMe], [[alice.address], false]);
    assert.isFalse((await newest(alice)).mentionsMe);
  });

  test('what changed in the keys of others while it was said', async () => {
    const { id } = await dora.box.directRoom(alice.address);
    await dora.box.sendMessage(id, 'before');
    await updated(alice);
    city.clock.skip(60_000);
    await city.signIn(dora, 'phone');
    city.clock.skip(60_000);
    await updated(dora);
    await dora.box.sendMessage(id, 'between');
    await dora.box.sendMessage(id, 'after');
    await updated(alice);
    const shown = async (person: Person, window: MessageWindow) =>
      (await person.box.pageMessages(id, window)).notices.map(({ address, kind, device }) => [
        address,
        kind,
        device?.name,
      ]);
    const told = [[dora.address, 'device-added', 'phone']];
    assert.deepEqual(await shown(alice, {}), told);
    assert.deepEqual(await shown(dora, {}), []);
    const { messages } = await alice.box.pageMessages(id);
    const [before, between] = messages.map(({ room: place, n }) => ({ room: place, n: n ?? -1 })) as MessagePlace[];
    assert.deepEqual(await shown(alice, { before: between as MessagePlace }), told);
    assert.deepEqual(await shown(alice, { after: before as MessagePlace }), []);
  });

  test('that it was sent on, without saying by whom it was written', async () => {
    const { id } = await alice.box.sendMessage(room, 'the plan');
    await updated(bob);
    const { id: other } = await bob.box.directRoom(carol.address);
    await bob.box.forwardMessage(room, id, other);
    await updated(carol);
    const [message] = await carol.box.listMessages(other);
    assert.deepInclude(message, { text: 'the plan', forwarded: true, author: bob.address });
    assert.isFalse((await bob.box.showMessage(room, id)).forwarded);
    await alice.box.deleteMessage(room, id);
    await updated(bob);
    assert.strictEqual(await codeOf(() => bob.box.forwardMessage(room, id, other)), 'not-found');
  });
});

function unreachable(): Error {
  return new KeyboxUsageFault('unreachable', 'the test has cut the line');
}

describe('what changed in a room', () => {
  test('stands between its messages, in one window each, and names the era of a message', async () => {
    const { id } = await alice.box.createRoom({ name: 'shifts', type: 'chat', history: 'all', keying: 'era' });
    await alice.box.addMember(id, bob.address, 'member');
    await alice.box.sendMessage(id, 'one');
    await alice.box.addMember(id, carol.address, 'member');
    await alice.box.sendMessage(id, 'two');
    await alice.box.setRole(id, bob.address, 'admin');
    await alice.box.removeMember(id, carol.address);
    await alice.box.sendMessage(id, 'three');
    await updated(bob);
    const page = async (window: MessageWindow) => bob.box.pageMessages(id, window);
    const whole = await page({});
    assert.deepEqual(
      whole.changes.map(({ kind, by, who, role, era }) => [kind, by, who, role, era]),
      [
        ['added', alice.address, bob.address, 'member', null],
        ['added', alice.address, carol.address, 'member', null],
        ['role', alice.address, bob.address, 'admin', null],
        ['removed', alice.address, carol.address, null, 1],
      ],
    );
    assert.deepEqual(
      whole.messages.map(({ text, era }) => [text, era]),
      [
        ['one', 0],
        ['two', 0],
        ['three', 1],
      ],
    );
    const newest = await page({ limit: 1 });
    const [last] = newest.messages;
    const older = await page({ limit: 1, before: { room: id, n: last?.n ?? 0 } });
    const oldest = await page({ limit: 1, before: { room: id, n: older.messages[0]?.n ?? 0 } });
    assert.deepEqual([...oldest.changes, ...older.changes, ...newest.changes], whole.changes);
    assert.deepEqual(
      oldest.changes.map(({ who }) => who),
      [bob.address, carol.address],
    );
  });
});
