import { setTimeout } from 'node:timers/promises';
import type { Presence } from '@sotto/protocol';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { updated } from '../talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
let mallory: Person;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  mallory = await city.join('mallory');
  await city.befriend(alice, bob);
});

afterEach(() => bob.link.repent());
afterAll(() => city[Symbol.asyncDispose]());

const seen = async (by: Person, whom: Person): Promise<string> => (await by.box.presence.show(whom.address)).state;

/** An honest presence of Alice, as the server gives it to Bob. */
async function honest(): Promise<Presence> {
  const { contacts } = await bob.session.link.call('presence.list', { after: null });
  return contacts.find(({ address }) => address === alice.address) as Presence;
}

test('contacts see what somebody chose; invisible is offline to them', async () => {
  await updated(alice, bob);
  assert.strictEqual(await seen(bob, alice), 'online');
  for (const choice of ['busy', 'away', 'invisible'] as const) {
    await alice.box.presence.set(choice);
    assert.strictEqual(await seen(bob, alice), choice === 'invisible' ? 'offline' : choice);
  }
  assert.deepEqual(await alice.box.presence.setting(), { state: 'invisible', lastSeen: false });
  assert.strictEqual(await codeOf(() => mallory.box.presence.show(alice.address)), 'not-found');
});

test('a choice stays after a restart, and is told at each connection', async () => {
  await alice.box.presence.set('busy', { lastSeen: true });
  alice.restart();
  await alice.session.link.call('presence.set', { state: 'online', lastSeen: false, capabilities: [] });
  await updated(alice);
  assert.strictEqual(await seen(bob, alice), 'busy');
  assert.deepEqual(await alice.box.presence.setting(), { state: 'busy', lastSeen: true });
});

test('a choice without a network is kept and told later', async () => {
  alice.link.offline = true;
  await alice.box.presence.set('away', { lastSeen: false });
  alice.link.offline = false;
  assert.strictEqual(await seen(bob, alice), 'busy');
  await updated(alice);
  assert.strictEqual(await seen(bob, alice), 'away');
});

test('changes are pushed to connected contacts', async () => {
  const states: string[] = [];
  const stop = bob.box.presence.watch(({ address, state }) => void states.push(`${address} ${state}`));
  await alice.box.presence.set('online');
  while (states.length === 0) await setTimeout(5);
  stop();
  assert.deepEqual(states, [`${alice.address} online`]);
});

describe('Cx3: presence of who is no contact', () => {
  test('attack: what the server says of strangers and of the blocked is not shown', async () => {
    const presence = await honest();
    const shown: string[] = [];
    const stop = bob.box.presence.watch(({ address }) => void shown.push(address));
    const stranger = { ...presence, address: mallory.address };
    bob.link.hint({ event: 'presence', presence: stranger });
    bob.link.lie('presence.list', (_, { after }) => ({ contacts: after === null ? [presence, stranger] : [] }));
    assert.deepEqual(
      (await bob.box.presence.list()).map(({ address }) => address),
      [alice.address],
    );
    await bob.session.contacts.apply([
      { sql: "UPDATE contact SET state = 'blocked' WHERE address = ?", parameters: [alice.address] },
    ]);
    bob.link.hint({ event: 'presence', presence });
    assert.deepEqual(await bob.box.presence.list(), []);
    await bob.session.contacts.apply([
      { sql: "UPDATE contact SET state = 'mutual' WHERE address = ?", parameters: [alice.address] },
    ]);
    bob.link.hint({ event: 'presence', presence });
    while (shown.length === 0) await setTimeout(5);
    stop();
    assert.deepEqual(shown, [alice.address]);
  });

  test('control: what it says of contacts is', async () => {
    const presence = await honest();
    bob.link.lie('presence.list', (_, { after }) => ({ contacts: after === null ? [presence] : [] }));
    assert.deepEqual(
      (await bob.box.presence.list()).map(({ address }) => address),
      [alice.address],
    );
  });
});

test('a longer sigchain is read at once; a forged head changes nothing', async () => {
  const presence = await honest();
  const reads = (): number => bob.link.asked.filter(({ name }) => name === 'chains.read').length;
  const before = reads();
  await bob.box.presence.list();
  assert.strictEqual(reads(), before);
  const { length, hash } = presence.head;
  const longer = await city.signHead(
    { kind: 'chain', id: alice.session.identity.fingerprint },
    { length: length + 1, hash },
  );
  bob.link.lie('presence.list', (_, { after }) => ({
    contacts: after === null ? [{ ...presence, head: longer }] : [],
  }));
  await bob.box.presence.list();
  assert.strictEqual(reads(), before + 1);
  const signature = presence.head.signature.map((byte) => byte ^ 1);
  const forged = { ...presence, head: { ...presence.head, signature } };
  bob.link.lie('presence.list', (_, { after }) => ({ contacts: after === null ? [forged] : [] }));
  assert.strictEqual(await codeOf(() => bob.box.presence.list()), 'head-invalid');
  const other = await city.signHead(
    { kind: 'chain', id: alice.session.identity.fingerprint },
    { length, hash: hash.map((byte) => byte ^ 1) },
  );
  bob.link.lie('presence.list', (_, { after }) => ({ contacts: after === null ? [{ ...presence, head: other }] : [] }));
  assert.strictEqual(await codeOf(() => bob.box.presence.list()), 'split-view');
});

test('a server that repeats contacts for ever is refused', async () => {
  const presence = await honest();
  bob.link.lie('presence.list', () => ({ contacts: [presence] }));
  assert.strictEqual(await codeOf(() => bob.box.presence.list()), 'answer-malformed');
});
