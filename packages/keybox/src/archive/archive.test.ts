import { type CborValue, encodeCbor, hex, parseHex } from '@sotto/bytes';
import type { LogEntry } from '@sotto/protocol';
import { type City, type Person, skeletonOf, startCity, Tale } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { forgeRecord, keptRoom, message } from '../forge.fixture.ts';
import type { KeyBox } from '../keybox.ts';
import { flipped, updated } from '../talk.fixture.ts';
import { newDevice, reopened } from './new-device.fixture.ts';
import type { SyncProgress } from './progress.ts';

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

beforeEach(async () => {
  room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' })).id;
  await alice.box.addMember(room, bob.address, 'member');
  await alice.box.addMember(room, mallory.address, 'member');
  await updated(mallory);
  for (let i = 0; i < 12; i++) await alice.box.sendMessage(room, `early ${i}`);
  await mallory.box.sendMessage(room, 'of mallory');
  await alice.box.rotateRoom(room);
  for (let i = 0; i < 12; i++) await alice.box.sendMessage(room, `late ${i}`);
  await updated(mallory, alice, bob);
  since = (await bob.box.keyLog()).length;
});

afterEach(async () => {
  bob.link.repent();
  await newDevice(bob, room);
  await updated(bob);
});

async function texts(box: KeyBox): Promise<string[]> {
  return (await box.listMessages(room)).map(({ text }) => text);
}

async function told(): Promise<(string | null)[]> {
  return (await bob.box.keyLog()).slice(since).map(({ code }) => code);
}

/** Codes of what a sync that leaves the archive to later was refused for. */
async function refusedAtFirst(box: KeyBox): Promise<string[]> {
  return (await box.sync({ archive: 'newest' })).faults.map(({ code }) => code);
}

describe('a new device', () => {
  test('shows the newest messages first, then everything, as a device does that was always there', async () => {
    const whole = await bob.box.listMessages(room);
    const { state } = await keptRoom(bob, room);
    const box = await newDevice(bob, room);
    const phases: SyncProgress[] = [];
    assert.deepEqual(await box.sync({ archive: 'newest', onProgress: (step) => void phases.push(step) }), {
      online: true,
      faults: [],
    });
    assert.deepInclude(phases.at(-1), { phase: 'newest', done: 1, total: 1, room });
    assert.includeMembers(await texts(box), ['late 11', 'late 10', 'late 9']);
    assert.notInclude(await texts(box), 'early 0');
    assert.strictEqual((await box.roomMembers(room)).length, 3);
    const { entries, entriesDone, open } = await box.archive.status();
    assert.isBelow(entriesDone, entries);
    assert.deepEqual(open, [{ room, entries: state.length, entriesDone: 1 }]);
    const steps: number[] = [];
    assert.deepEqual((await box.archive.fetch({ onProgress: ({ done }) => void steps.push(done) })).faults, []);
    assert.isAbove(steps.length, 3);
    assert.deepEqual(
      steps,
      steps.toSorted((left, right) => left - right),
    );
    assert.deepEqual(await box.listMessages(room), whole);
    const kept = await keptRoom(bob, room);
    assert.strictEqual(kept.ahead, null);
    assert.deepEqual(encodeCbor(kept.judged as unknown as CborValue), encodeCbor(state as unknown as CborValue));
  });

  test('that is killed after any page goes on with the next one', async () => {
    const whole = await bob.box.listMessages(room);
    await (await newDevice(bob, room)).sync({ archive: 'newest' });
    for (let pages = 0; await reopened(bob).archive.isOpen(); pages++) {
      const before = (await reopened(bob).archive.status()).entriesDone;
      const stop = new AbortController();
      await reopened(bob).archive.fetch({ onProgress: () => stop.abort(), signal: stop.signal });
      const fetched = (await reopened(bob).archive.status()).entriesDone - before;
      assert.isAtMost(fetched, 7);
      assert.isBelow(pages, 20);
    }
    assert.deepEqual(await reopened(bob).listMessages(room), whole);
  });

  test('learns edits, reactions, deletions and names, and what the server forgot accuses nobody', async () => {
    const [first, second, third] = await alice.box.listMessages(room);
    if (first === undefined || second === undefined || third === undefined) throw new Error('few');
    await alice.box.editMessage(room, first.id, 'edited');
    await alice.box.deleteMessage(room, second.id);
    await alice.box.reactMessage(room, third.id, '+');
    await alice.box.renameRoom(room, 'coffee');
    const { id: last } = await alice.box.sendMessage(room, 'not yet the last');
    await alice.box.editMessage(room, last, 'the last');
    await updated(bob);
    const whole = await bob.box.listMessages(room);
    const box = await newDevice(bob, room);
    await box.sync({ archive: 'newest' });
    assert.include(await texts(box), 'the last');
    await box.sync();
    const fresh = await box.listMessages(room);
    const strip = ({ id: _id, ...view }: (typeof fresh)[number]) => view;
    assert.deepEqual(
      fresh.filter(({ state }) => state !== 'deleted'),
      whole.filter(({ state }) => state !== 'deleted'),
    );
    assert.strictEqual(fresh.map(strip).filter(({ state }) => state === 'deleted').length, 1);
    assert.strictEqual((await box.findRoom('coffee')).id, room);
    assert.notInclude(await told(), 'body-withheld');
  });

  test('tells watchers of the newest and not of what is old', async () => {
    const box = await newDevice(bob, room);
    const { cursor } = await box.changes(-1);
    await box.sync();
    const changed = (await box.changes(cursor)).messages.map(({ text }) => text);
    assert.notInclude(changed, 'early 0');
    await alice.box.sendMessage(room, 'new');
    const { cursor: next } = await box.changes(-1);
    await box.sync();
    assert.deepEqual(
      (await box.changes(next)).messages.map(({ text }) => text),
      ['new'],
    );
  });

  test('that goes on getting news sees them while the archive is open', async () => {
    const box = await newDevice(bob, room);
    await box.sync({ archive: 'newest' });
    await alice.box.sendMessage(room, 'news');
    await box.sync({ archive: 'newest' });
    assert.strictEqual((await texts(box)).at(-1), 'news');
    assert.isTrue(await box.archive.isOpen());
    await box.sync();
    assert.deepEqual(await texts(box), await texts(alice.box));
  });

  test('sends nothing before everything is judged', async () => {
    const { id } = await alice.box.createRoom({ name: 'new', type: 'chat', history: 'all', keying: 'era' });
    await alice.box.addMember(id, bob.address, 'member');
    for (let i = 0; i < 20; i++) await alice.box.sendMessage(id, `before ${i}`);
    const box = reopened(bob);
    await box.sync({ archive: 'newest' });
    assert.isTrue(await box.archive.isOpen());
    await box.sendMessage(id, 'my first');
    assert.isFalse(await box.archive.isOpen());
    await updated(alice);
    assert.strictEqual((await alice.box.listMessages(id)).at(-1)?.text, 'my first');
  });

  test('in a room that hides the past reads from its joining on', async () => {
    const { id } = await alice.box.createRoom({ name: 'x', type: 'chat', history: 'from-join', keying: 'era' });
    for (let i = 0; i < 20; i++) await alice.box.sendMessage(id, `before ${i}`);
    await alice.box.addMember(id, bob.address, 'member');
    for (let i = 0; i < 9; i++) await alice.box.sendMessage(id, `after ${i}`);
    await updated(bob);
    const whole = await bob.box.listMessages(id);
    assert.strictEqual(whole.length, 9);
    const box = await newDevice(bob, id);
    await box.sync({ archive: 'newest' });
    assert.strictEqual((await box.findRoom('x')).id, id);
    await box.sync();
    assert.deepEqual(await box.listMessages(id), whole);
  });
});

type Told = { hashes: Uint8Array; statements: readonly (LogEntry & { kind: 'statement' })[] };

/** Bob's server alters what it tells of the skeleton. */
function lies(alter: (told: Told) => Partial<Told>): void {
  bob.link.lie('rooms.skeleton', async (honest) => {
    const answer = await honest();
    return { ...answer, ...alter(answer) };
  });
}

describe('Mx6: a statement withheld from the skeleton of a long log', () => {
  /** A new device of Bob after Mallory was removed, of which the skeleton says nothing or the truth. */
  async function shown(isTrue: boolean): Promise<KeyBox> {
    await alice.box.removeMember(room, mallory.address);
    await alice.box.sendMessage(room, 'without mallory');
    const { entries } = await Tale.of(city, bob, parseHex(room));
    const removal = entries.findLastIndex(({ kind }) => kind === 'statement');
    const box = await newDevice(bob, room);
    lies(() => {
      const { hashes, statements } = skeletonOf(entries, { from: 0, limit: 4096 });
      return { hashes, statements: statements.filter(({ n }) => isTrue || n !== removal) };
    });
    await box.sync({ archive: 'newest' });
    assert.strictEqual((await box.roomMembers(room)).length, isTrue ? 2 : 3);
    await box.archive.fetch();
    return box;
  }

  test('attack: it is found out, and what was shown by it is taken back', async () => {
    const box = await shown(false);
    assert.include(await told(), 'log-broken');
    assert.strictEqual((await box.roomMembers(room)).length, 2);
    bob.link.repent();
    await box.sync();
    assert.deepEqual(await texts(box), await texts(alice.box));
  });

  test('control: it is told', async () => {
    const box = await shown(true);
    assert.notInclude(await told(), 'log-broken');
    assert.deepEqual(await texts(box), await texts(alice.box));
  });
});

describe('a server whose skeleton', () => {
  const alterations: Record<string, (told: Told) => Partial<Told>> = {
    'swaps the hash of a record': ({ hashes }) => ({ hashes: flipped(hashes) }),
    'swaps two records': ({ hashes }) => ({ hashes: swapped(hashes) }),
    'goes beyond its head': ({ hashes }) => ({ hashes: new Uint8Array([...hashes, ...hashes.slice(0, 32)]) }),
    'moves a statement': ({ statements }) => ({
      statements: statements.map((entry, i) => (i === statements.length - 1 ? { ...entry, n: entry.n + 1 } : entry)),
    }),
    'repeats a statement': ({ statements }) => ({ statements: [...statements, ...statements.slice(-1)] }),
    'ends early': ({ hashes }) => ({ hashes: hashes.slice(0, 0), statements: [] }),
  };

  test.each(Object.entries(alterations))('%s is refused, and nothing of it is shown', async (_name, alter) => {
    const box = await newDevice(bob, room);
    lies(alter);
    assert.include(await refusedAtFirst(box), 'log-broken');
    assert.include(await told(), 'log-broken');
    assert.isFalse(await box.archive.isOpen());
    bob.link.repent();
    await box.sync();
    assert.deepEqual(await texts(box), await texts(alice.box));
  });
});

describe('newest records', () => {
  test('that are not those of the skeleton are not shown', async () => {
    const box = await newDevice(bob, room);
    const { entries } = await Tale.of(city, bob, parseHex(room));
    const other = entries.find(({ kind }) => kind === 'record') as LogEntry;
    const n = entries.length - 3;
    bob.link.lie('rooms.read', async (honest, input) => {
      const answer = await honest();
      if (hex(input.room) !== room) return answer;
      return { ...answer, entries: answer.entries.map((entry) => (entry.n === n ? { ...other, n } : entry)) };
    });
    assert.include(await refusedAtFirst(box), 'log-broken');
    assert.deepEqual(await texts(box), []);
    bob.link.repent();
    await box.sync();
    assert.deepEqual(await texts(box), await texts(alice.box));
  });

  test('that the judged log refuses are taken back', async () => {
    for (let i = 0; i < 6; i++) await alice.box.sendMessage(room, `newest ${i}`);
    await mallory.box.sync();
    for (let i = 0; i < 6; i++) await alice.box.sendMessage(room, `newest of all ${i}`);
    const story = await Tale.of(city, bob, parseHex(room));
    // Of a device whose first seq lies far below: only the whole log shows that it was used before.
    story.entries.push(await forgeRecord(mallory, room, { header: { seq: 1 }, body: message(mallory, 'again') }));
    story.tell();
    const box = await newDevice(bob, room);
    await box.sync({ archive: 'newest' });
    assert.strictEqual((await texts(box)).at(-1), 'again');
    await box.archive.fetch();
    assert.notInclude(await texts(box), 'again');
    assert.include(await told(), 'seq-conflict');
    assert.deepEqual(await texts(box), await texts(alice.box));
    story.end();
  });

  test('that usurp the id of an old message give way to it', async () => {
    const [first] = await alice.box.listMessages(room);
    const story = await Tale.of(city, bob, parseHex(room));
    const usurped = message(mallory, 'usurped', parseHex(first?.id ?? ''));
    story.entries.push(await forgeRecord(mallory, room, { body: usurped }));
    story.tell();
    const box = await newDevice(bob, room);
    await box.sync({ archive: 'newest' });
    assert.strictEqual((await texts(box)).at(-1), 'usurped');
    await box.archive.fetch();
    // Whose a message is, and how far it got, each of them sees differently.
    const seen = async (by: KeyBox): Promise<object[]> =>
      (await by.listMessages(room)).map(({ trust: _, delivery: __, ...message }) => asBob(message));
    assert.deepEqual(await seen(box), await seen(alice.box));
    story.end();
  });

  test('beyond a fork are taken back, and the room stops', async () => {
    const story = await Tale.of(city, bob, parseHex(room));
    const { length, hash } = story.extent(story.entries.length - 10);
    const other = await city.signHead({ kind: 'room', id: parseHex(room) }, { length, hash: flipped(hash) });
    const forged = await forgeRecord(mallory, room, { header: { seen: other } });
    story.entries.splice(story.entries.length - 8, 0, forged);
    story.tell();
    const box = await newDevice(bob, room);
    await box.sync({ archive: 'newest' });
    assert.deepEqual(
      (await box.archive.fetch()).faults.map(({ code }) => code),
      ['room-forked'],
    );
    assert.notInclude(await texts(box), 'late 11');
    assert.include(await texts(box), 'early 11');
    assert.strictEqual((await keptRoom(bob, room)).stopped, 'room-forked');
    story.end();
  });
});

describe('Mx7: a statement that the server calls a record', () => {
  /** What Bob's sync is refused for when he is told of a removal, by its name or another. */
  async function refusedFor(isTrue: boolean): Promise<string[]> {
    await alice.box.removeMember(room, mallory.address);
    const story = await Tale.of(city, bob, parseHex(room));
    const n = story.entries.findLastIndex(({ kind }) => kind === 'statement');
    const { envelope } = story.entries[n] as LogEntry & { kind: 'statement' };
    const signature = envelope.signatures[0] as Uint8Array;
    const record = { signed: envelope.signed, signature, body: null };
    if (!isTrue) story.entries[n] = { kind: 'record', n, record, keyRows: null, sealedKey: null };
    story.tell();
    const codes = (await bob.box.sync()).faults.map(({ code }) => code);
    story.end();
    return codes;
  }

  test('attack: it is not skipped', async () => {
    assert.deepEqual(await refusedFor(false), ['log-broken']);
    assert.strictEqual((await bob.box.roomMembers(room)).length, 3);
    await updated(bob);
    assert.strictEqual((await bob.box.roomMembers(room)).length, 2);
  });

  test('control: called what it is', async () => {
    assert.deepEqual(await refusedFor(true), []);
    assert.strictEqual((await bob.box.roomMembers(room)).length, 2);
  });
});

/** The same message as its reader sees it. */
function asBob<View extends { readonly author: string; readonly state: string }>(view: View): View {
  return view.state === 'deleted' ? view : { ...view, state: view.author === bob.address ? view.state : 'received' };
}

function swapped(hashes: Uint8Array): Uint8Array {
  const end = hashes.length;
  return new Uint8Array([...hashes.slice(0, end - 64), ...hashes.slice(end - 32), ...hashes.slice(end - 64, end - 32)]);
}
