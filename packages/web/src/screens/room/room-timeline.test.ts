import type { MessageView } from '@sotto/keybox';
import { type City, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { RoomTimeline } from './room-timeline.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  ({ id: room } = await alice.box.directRoom(bob.address));
  for (let i = 0; i < 20; i++) await alice.box.sendMessage(room, `m${i}`);
  await bob.box.sync();
});

afterAll(() => city?.[Symbol.asyncDispose]());

describe('a timeline', () => {
  test('begins at the end, reads on in both directions, and keeps no more than it may', async () => {
    const timeline = timelineOf(bob);
    await timeline.open();
    assert.deepEqual(shown(timeline), { from: 'm16', to: 'm19', count: 4, older: true, newer: false });
    await timeline.older();
    assert.deepEqual(shown(timeline), { from: 'm12', to: 'm19', count: 8, older: true, newer: false });
    await timeline.older();
    assert.deepEqual(shown(timeline), { from: 'm8', to: 'm17', count: 10, older: true, newer: true });
    for (let i = 0; i < 3; i++) await timeline.older();
    assert.deepEqual(shown(timeline), { from: 'm0', to: 'm9', count: 10, older: false, newer: true });
    await timeline.newer();
    assert.deepEqual(shown(timeline), { from: 'm4', to: 'm13', count: 10, older: true, newer: true });
    for (let i = 0; i < 3; i++) await timeline.newer();
    assert.deepEqual(shown(timeline), { from: 'm10', to: 'm19', count: 10, older: true, newer: false });
  });

  test('reads on for whoever is shown an end again', async () => {
    const timeline = timelineOf(bob);
    await timeline.open();
    const begun = Promise.withResolvers<void>();
    timeline.subscribe(() => (timeline.view().older ? void timeline.older() : begun.resolve()));
    await timeline.older();
    await begun.promise;
    assert.deepEqual(shown(timeline), { from: 'm0', to: 'm9', count: 10, older: false, newer: true });
  });

  test('leads to a message, to the first unread one, and says where it is', async () => {
    const timeline = timelineOf(bob);
    await timeline.open('unread');
    assert.strictEqual(timeline.view().focus?.id, timeline.view().messages[0]?.id);
    assert.strictEqual(timeline.view().unread, 20);
    const wanted = (await bob.box.listMessages(room)).find(({ text }) => text === 'm7') as MessageView;
    await timeline.open({ id: wanted.id });
    assert.strictEqual(timeline.view().focus?.id, wanted.id);
    await timeline.open({ id: '0f'.repeat(16) });
    assert.strictEqual((timeline.view().fault as { code?: string } | null)?.code, 'not-found');
    assert.include(shown(timeline), { count: 4 });
  });

  test('read again shows what came, and leaves what is the same as it was', async () => {
    const timeline = timelineOf(bob);
    await timeline.open();
    const before = timeline.view().messages;
    await alice.box.sendMessage(room, 'm20');
    await bob.box.sync();
    await Promise.all([timeline.refresh(), timeline.refresh()]);
    assert.deepEqual(shown(timeline), { from: 'm16', to: 'm20', count: 5, older: true, newer: false });
    assert.isTrue(before.every((message, i) => timeline.view().messages[i] === message));
  });

  test('shows what is sent before the vault has it, and once', async () => {
    const timeline = timelineOf(alice);
    await timeline.open();
    const id = '5a'.repeat(16);
    const [some] = timeline.view().messages;
    timeline.add({ ...(some as MessageView), id, n: null, text: 'quick', state: 'queued' });
    assert.strictEqual(timeline.view().messages.at(-1)?.text, 'quick');
    assert.isTrue(timeline.isPending(id));
    await alice.box.sendMessage(room, 'quick', { id, key: id });
    await alice.box.sendMessage(room, 'quick', { id, key: id });
    await timeline.refresh();
    assert.isFalse(timeline.isPending(id));
    const found = timeline.view().messages.filter((message) => message.id === id);
    assert.deepEqual(
      found.map(({ state }) => state),
      ['accepted'],
    );
    timeline.add({ ...(some as MessageView), id: '5b'.repeat(16), n: null, text: 'never' });
    timeline.drop('5b'.repeat(16));
    assert.strictEqual(timeline.view().messages.at(-1)?.text, 'quick');
  });

  test('shows a change at once, and then what became of it', async () => {
    const timeline = timelineOf(alice);
    await timeline.open();
    const { id } = timeline.view().messages.at(-1) as MessageView;
    const settle = timeline.assume(id, (message) => ({ ...message, text: 'assumed' }));
    assert.strictEqual(timeline.view().messages.at(-1)?.text, 'assumed');
    settle();
    await timeline.refresh();
    assert.strictEqual(timeline.view().messages.at(-1)?.text, 'quick');
  });
});

function timelineOf({ box }: Person): RoomTimeline {
  return new RoomTimeline((window) => box.pageMessages(room, window), { limits: { window: 4, kept: 10 } });
}

function shown(timeline: RoomTimeline): object {
  const { messages, older, newer } = timeline.view();
  return { from: messages[0]?.text, to: messages.at(-1)?.text, count: messages.length, older, newer };
}
