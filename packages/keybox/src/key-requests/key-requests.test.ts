import { hex, parseHex } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { type Body, type BodyContent, type Chain, currentEra, type LogEntry, sealEntry } from '@sotto/protocol';
import { type City, codeOf, type Person, startCity, Tale } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { newDevice } from '../archive/new-device.fixture.ts';
import { forgeRecord, insideOf, keptRoom } from '../forge.fixture.ts';
import { news, texts, toldCodes, updated } from '../talk.fixture.ts';
import { mayHaveEra } from './right.ts';

let city: City;
let alice: Person;
let bob: Person;
let mallory: Person;
let room: string;
/** The era whose key Bob's server withheld. */
let lost: number;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  mallory = await city.join('mallory');
  await city.befriend(alice, bob, mallory);
});

afterAll(() => city[Symbol.asyncDispose]());

beforeEach(async () => {
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'from-join', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await updated(bob);
  await loseKey();
});

afterEach(async () => {
  // What a server made up is known to nobody else.
  for (const person of [alice, bob]) await newDevice(person, room);
});

/** Bob's server withholds one key, until another era has come that does not lead back to it. */
async function loseKey(): Promise<void> {
  await alice.box.rotateRoom(room);
  lost = (await alice.box.findRoom(room)).era;
  await alice.box.sendMessage(room, 'lost');
  const story = (await Tale.of(city, bob, parseHex(room))).tell();
  story.entries = story.entries.map((entry) => (entry.kind === 'statement' ? { ...entry, entry: null } : entry));
  await bob.box.sync();
  const missing = (await bob.box.listMessages(room)).at(-1);
  assert.deepEqual([missing?.code, missing?.remedies], ['key-missing', ['retry', 'request-keys']]);
  story.end();
  await updated(bob);
  city.clock.skip(61_000);
  await updated(alice, bob);
  assert.isAbove((await bob.box.findRoom(room)).era, lost);
}

/** The one open request of Bob. */
async function asked(): Promise<string> {
  await updated(bob, alice);
  const open = (await alice.box.keyRequests.list()).filter((each) => each.room === room && each.state === 'open');
  assert.deepEqual(
    open.map(({ eras, author, own }) => ({ eras, author, own })),
    [{ eras: [lost], author: bob.address, own: false }],
  );
  return (open[0] as { id: string }).id;
}

async function states(person: Person): Promise<string[]> {
  return (await person.box.keyRequests.list()).filter((each) => each.room === room).map(({ state }) => state);
}

/** An answer as a modified client makes it. */
async function answer(by: Person, request: string, secret: Secret): Promise<LogEntry> {
  const chain = (await insideOf(bob).chains.known(bob.session.identity.fingerprint)) as Chain;
  const sender = by.session.identity.fingerprint;
  const binding = { purpose: 'sotto/seal/key-answer/v1', room: parseHex(room), era: lost, sender } as const;
  const sealed = await sealEntry(by.session.suites, chain, { binding, secret });
  const content = { request: parseHex(request), generation: 0, keys: [{ era: lost, sealed }] };
  return forgeRecord(by, room, { header: { class: 'quiet' }, body: keyBody('key-answer', content) });
}

function keyBody<Kind extends 'key-request' | 'key-answer'>(kind: Kind, content: BodyContent<Kind>): Body {
  return { id: bob.session.primitives.randomBytes(16), at: 0, kind, content } as unknown as Body;
}

async function secretOf(person: Person, era: number): Promise<Secret | null> {
  return insideOf(person).eraKeys.secret(parseHex(room), era);
}

describe('a key that a member may have and lacks', () => {
  test('is not given when denied', async () => {
    const remedies = async () => (await bob.box.listMessages(room)).at(-1)?.remedies;
    assert.deepEqual(await bob.box.keyRequests.ask(room), [lost]);
    await updated(bob);
    assert.deepEqual(await remedies(), ['retry']);
    await alice.box.keyRequests.deny(await asked());
    await updated(bob, alice, bob);
    assert.deepEqual(await states(alice), ['denied']);
    assert.strictEqual((await bob.box.listMessages(room)).at(-1)?.code, 'key-missing');
  });

  test('is not given to who left', async () => {
    const id = await asked();
    await alice.box.removeMember(room, bob.address);
    assert.strictEqual(await codeOf(() => alice.box.keyRequests.approve(id)), 'not-a-member');
    assert.deepEqual(await states(alice), ['open']);
  });
});

describe('K3: a key share asked for by a device that nobody endorsed', () => {
  test('attack: asked for by a device that its account does not list', async () => {
    const id = await asked();
    const sql = 'UPDATE key_request SET device = ? WHERE id = ?';
    const extra = bob.session.primitives.randomBytes(32);
    await alice.session.keys.apply([{ sql, parameters: [extra, parseHex(id)] }]);
    assert.strictEqual(await codeOf(() => alice.box.keyRequests.approve(id)), 'device-unendorsed');
    await updated(bob);
    assert.strictEqual(await secretOf(bob, lost), null);
  });

  test('control: asked for once by a device of the account, given when approved, and both key logs tell it', async () => {
    const id = await asked();
    await updated(bob, bob, alice);
    assert.deepEqual(await states(alice), ['open']);
    await alice.box.keyRequests.approve(id.slice(0, 10));
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['lost']);
    assert.deepEqual([await states(alice), await states(bob)], [['answered'], ['answered']]);
    assert.match((await news(alice, 'key-request')).join('\n'), new RegExp(`key-request/given .* ${bob.address}`));
    assert.match((await news(bob, 'key-request')).join('\n'), new RegExp(`key-request/received .* ${alice.address}`));
  });
});

describe('Kx4: a request under the id of another, and requests without end', () => {
  /** Mallory asks for a key, with an honest server between. */
  async function asks(era: number, id: Uint8Array): Promise<void> {
    await updated(mallory);
    const { devices } = (await keptRoom(mallory, room)).state;
    const last = devices[hex(mallory.session.identity.deviceId)];
    const place = last === undefined ? {} : { seq: last.seq + 1, prev: last.prevs.at(-1) as Uint8Array };
    const body = { ...keyBody('key-request', { eras: [era] }), id };
    const forged = await forgeRecord(mallory, room, { header: { class: 'quiet', ...place }, body });
    const { record } = forged as LogEntry & { kind: 'record' };
    const records = [{ record: { ...record, body: record.body as Uint8Array }, keys: null }];
    assert.isNull((await mallory.session.link.call('records.append', { room: parseHex(room), records })).refused);
    await updated(alice);
  }

  async function fromMallory(): Promise<readonly string[]> {
    const requests = (await alice.box.keyRequests.list()).filter((each) => each.room === room);
    return requests.filter(({ author }) => author === mallory.address).map(({ state }) => state);
  }

  beforeEach(async () => {
    await alice.box.addMember(room, mallory.address, 'member');
  });

  test('attack: approving the one gives nothing to the other', async () => {
    const id = await asked();
    await asks((await alice.box.findRoom(room)).era, parseHex(id));
    await alice.box.keyRequests.approve(id);
    assert.deepEqual(await fromMallory(), []);
    assert.notMatch(
      (await news(alice, 'key-request')).join('\n'),
      new RegExp(`key-request/given .* ${mallory.address}`),
    );
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['lost']);
  });

  test('attack: asking again and again fills no log', async () => {
    for (let i = 0; i < 3; i++) await asks(lost, alice.session.primitives.randomBytes(16));
    const told = (await news(alice, 'key-request')).filter((text) => text.includes(room));
    assert.strictEqual(told.filter((text) => text.includes(mallory.address)).length, 1);
  });

  test('control: a request of its own waits for approval', async () => {
    await asks((await alice.box.findRoom(room)).era, alice.session.primitives.randomBytes(16));
    assert.deepEqual(await fromMallory(), ['open']);
  });
});

describe('an answer', () => {
  test('that is not the key is refused and told, and the key is asked for again', async () => {
    const id = await asked();
    const story = (await Tale.of(city, bob, parseHex(room))).tell();
    story.entries.push(await answer(alice, id, new Secret(bob.session.primitives.randomBytes(32))));
    await bob.box.sync();
    story.end();
    assert.include(await toldCodes(bob), 'era-commitment-mismatch');
    assert.strictEqual(await secretOf(bob, lost), null);
    assert.include(await states(bob), 'failed');
    const rows = await bob.session.keys.query("SELECT 1 FROM outbox WHERE kind = 'key-request' AND room = ?", [
      parseHex(room),
    ]);
    assert.strictEqual(rows.length, 1);
  });

  test('to what was never asked is no key', async () => {
    const secret = (await secretOf(alice, lost)) as Secret;
    const story = (await Tale.of(city, bob, parseHex(room))).tell();
    story.entries.push(await answer(alice, '00'.repeat(16), secret));
    await bob.box.sync();
    story.end();
    assert.strictEqual(await secretOf(bob, lost), null);
  });
});

test('a key of before one came is not asked for, and not listed for approval if somebody does', async () => {
  await alice.box.addMember(room, mallory.address, 'member');
  await updated(mallory);
  const { state } = await keptRoom(alice, room);
  const { fingerprint } = mallory.session.identity;
  assert.isFalse(mayHaveEra(state, fingerprint, lost));
  assert.isTrue(mayHaveEra(state, fingerprint, currentEra(state).era));
  const story = (await Tale.of(city, alice, parseHex(room))).tell();
  const body = keyBody('key-request', { eras: [lost] });
  story.entries.push(await forgeRecord(mallory, room, { header: { class: 'quiet' }, body }));
  await alice.box.sync();
  story.end();
  const from = (await alice.box.keyRequests.list()).filter(
    (each) => each.room === room && each.author === mallory.address,
  );
  assert.deepEqual(from, []);
  assert.include(
    (await news(alice, 'key-request')).join('\n'),
    `key-request/not-theirs ${room} ${lost} ${mallory.address}`,
  );
});
