import { hex } from '@sotto/bytes';
import { type City, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, test } from 'vitest';
import { Listener, mediaOf } from './calls.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let atAlice: Listener;
let atBob: Listener;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
});

beforeEach(() => {
  atAlice = new Listener(alice);
  atBob = new Listener(bob);
});

afterEach(async () => {
  for (const { box } of [alice, bob]) for (const { id } of await box.calls.current()) await box.calls.hangUp(id);
  await atAlice.close();
  await atBob.close();
});

afterAll(() => city[Symbol.asyncDispose]());

test('a contact rings, answers, and both have the same secret and what the other said', async () => {
  const { id } = await alice.box.calls.place(bob.address, mediaOf(1));
  const ringing = await atBob.phase('ringing');
  assert.strictEqual(ringing.address, alice.address);
  await atAlice.until(({ call }) => call.rings);
  await bob.box.calls.answer(ringing.id, mediaOf(2));
  await atAlice.phase('connecting');
  const atCaller = await alice.box.calls.media(id);
  const atCallee = await bob.box.calls.media(ringing.id);
  assert.strictEqual(hex(atCaller.auxSecret), hex(atCallee.auxSecret));
  assert.deepEqual([atCaller.peer, atCallee.peer], [mediaOf(2), mediaOf(1)]);
  assert.deepEqual([atCaller.isCaller, atCallee.isCaller], [true, false]);
  await alice.box.calls.connected(id);
  await bob.box.calls.connected(ringing.id);
  await bob.box.calls.hangUp(ringing.id);
  const ended = await atAlice.phase('ended');
  assert.strictEqual(ended.outcome, 'answered');
  assert.strictEqual(ended.device, 'laptop');
});
