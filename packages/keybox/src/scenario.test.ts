import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hex } from '@sotto/bytes';
import type { RoomState } from '@sotto/protocol';
import { type City, codeOf, type Person, seededRandom, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { insideOf, keptRoom } from './forge.fixture.ts';

let city: City;
let people: readonly Person[];

beforeAll(async () => {
  city = await startCity();
  const alice = await city.join('alice');
  const bob = await city.join('bob');
  const carol = await city.join('carol');
  people = [alice, bob, carol];
  await city.befriend(...people);
});

afterAll(() => city[Symbol.asyncDispose]());

/** Numbers below a bound that follow from a seed. */
function chooser(seed: string): (bound: number) => number {
  const random = seededRandom(seed);
  return (bound) => ((random(2)[0] as number) * 256 + (random(1)[0] as number)) % bound;
}

const ACTS = [
  'rotate',
  'remove',
  'add',
  'add',
  'read',
  'react',
  'restart',
  'sync',
  'sync',
  'say',
  'say',
  'say',
] as const;
type Act = (typeof ACTS)[number];

/** One room in which three people do whatever comes to mind, over links that lose answers. */
class Play {
  readonly room: string;
  readonly #choose: (bound: number) => number;
  /** What was said, or at least queued, by author, in the order of saying. */
  readonly said = new Map<Person, string[]>(people.map((person) => [person, []]));
  readonly #acts: readonly Act[];
  #words = 0;

  constructor(room: string, choose: (bound: number) => number, acts: readonly Act[] = ACTS) {
    this.room = room;
    this.#choose = choose;
    this.#acts = acts;
  }

  async step(): Promise<void> {
    const actor = this.#one(people);
    const other = this.#one(people.filter((person) => person !== actor));
    this.#weather(actor);
    switch (this.#one(this.#acts)) {
      case 'rotate':
        return this.#try(() => actor.box.rotateRoom(this.room));
      case 'remove':
        return this.#try(() => actor.box.removeMember(this.room, other.address));
      case 'add':
        return this.#try(() => actor.box.addMember(this.room, other.address, 'admin'));
      case 'read':
        return this.#try(() => actor.box.markRead(this.room));
      case 'react':
        return this.#react(actor);
      case 'restart':
        return actor.restart();
      case 'sync':
        return this.#try(() => actor.box.sync());
      case 'say':
        return this.#say(actor);
    }
  }

  async settle(): Promise<void> {
    for (let round = 0; round < 3; round++) {
      for (const person of people) {
        person.link.repent();
        person.link.offline = false;
        await person.box.sync();
      }
    }
  }

  async #say(actor: Person): Promise<void> {
    const word = `${CANARY} ${actor.address} ${this.#words++}`;
    await this.#try(async () => {
      await actor.box.sendMessage(this.room, word);
    });
    const isQueued = (await actor.box.listMessages(this.room).catch(() => [])).some(({ text }) => text === word);
    if (isQueued) this.said.get(actor)?.push(word);
  }

  async #react(actor: Person): Promise<void> {
    const messages = (await actor.box.listMessages(this.room).catch(() => [])).filter(({ n }) => n !== null);
    const message = messages[this.#choose(Math.max(1, messages.length))];
    if (message === undefined) return;
    const isTaken = message.reactions.some(({ author }) => author === actor.address);
    await this.#try(() =>
      isTaken
        ? actor.box.unreactMessage(this.room, message.id, '!')
        : actor.box.reactMessage(this.room, message.id, '!'),
    );
  }

  /** Lines that go down and come back, and answers that get lost. */
  #weather(actor: Person): void {
    const luck = this.#choose(10);
    if (luck === 0) actor.link.offline = true;
    if (luck > 2) actor.link.offline = false;
    if (luck === 1) actor.link.loseAnswers('records.append');
    if (luck === 2) actor.link.loseAnswers('rooms.append');
  }

  /** Does something that the room may refuse, but never in another way than by a fault. */
  async #try(work: () => Promise<unknown>): Promise<void> {
    const code = await codeOf(work);
    if (code !== null) assert.include(EXPECTED, code);
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#choose(items.length)] as Item;
  }
}

test.each(['tea', 'coffee', 'cocoa'])('three people do three hundred things, seed %s', async (seed) => {
  const [alice] = people as [Person];
  const { id } = await alice.box.createRoom({ name: seed, type: 'chat', history: 'all', keying: 'era' });
  const play = new Play(id, chooser(seed));
  for (let i = 0; i < 300; i++) await play.step();
  await play.settle();
  // The owner is never removed, and so reads everything.
  const { state } = await keptRoom(alice, id);
  const log = await shown(alice, id);
  assert.isAbove(log.length, 30);
  assert.isAbove(state.eras.length, 3);
  for (const person of people) {
    const read = await shown(person, id);
    const isMember = state.members[hex(person.session.identity.fingerprint)] !== undefined;
    assert.deepEqual(read, isMember ? log : log.filter((each) => read.includes(each)), person.address);
    assert.strictEqual(new Set(read).size, read.length, 'nothing twice');
    await readsNothingSince(person, state);
    const told = (await person.box.keyLog()).filter(({ kind }) => kind === 'gap' || kind === 'refused');
    assert.deepEqual(told, []);
  }
  for (const said of play.said.values()) {
    const order = log.filter((text) => said.includes(text));
    assert.deepEqual(
      order,
      said.filter((text) => order.includes(text)),
      'first said, first read',
    );
  }
  if (process.env['SOTTO_TEST_DATABASE'] === 'postgres') return;
  for (const name of ['sotto.db', 'sotto.db-wal']) {
    assert.isFalse(readFileSync(join(city.directory, 'server', name)).includes(CANARY), 'no plaintext at the server');
  }
});

test('what an author sees as sent has been read by those who stayed', async () => {
  const [alice, bob, carol] = people as [Person, Person, Person];
  const { id } = await alice.box.createRoom({ name: 'stay', type: 'chat', history: 'all', keying: 'per-message' });
  for (const each of [bob, carol]) await alice.box.addMember(id, each.address, 'admin');
  for (const person of people) await person.box.sync();
  const play = new Play(id, chooser('stay'), ['rotate', 'read', 'restart', 'sync', 'say', 'say', 'say']);
  for (let i = 0; i < 100; i++) await play.step();
  await play.settle();
  const all = [...play.said.values()].flat();
  for (const person of people) assert.sameMembers(await shown(person, id), all);
});

/** Texts in the order of the log; what is queued still is not among them, and all of it opened. */
async function shown({ box }: Person, room: string): Promise<string[]> {
  const messages = (await box.listMessages(room).catch(() => [])).filter(({ n }) => n !== null);
  assert.deepEqual(
    messages.filter(({ code }) => code !== null),
    [],
  );
  return messages.map(({ text }) => text);
}

/** Nobody holds the secret of an era after the last whose table names them. */
async function readsNothingSince(person: Person, { id, eras }: RoomState): Promise<void> {
  const { fingerprint } = person.session.identity;
  const last = eras.findLastIndex(({ rows }) => rows.some((row) => hex(row.fingerprint) === hex(fingerprint)));
  for (const { era } of eras.slice(last + 1)) {
    assert.isNull(await insideOf(person).eraKeys.secret(id, era), `era ${era}`);
  }
}

const CANARY = 'canary-7f3a9';

const EXPECTED = [
  'unreachable',
  'not-found',
  'role-insufficient',
  'member-unknown',
  'member-exists',
  'not-a-member',
  'room-frozen',
  'queued',
];
