import { type CborValue, encodeCbor, parseHex } from '@sotto/bytes';
import type { LogEntry } from '@sotto/protocol';
import { type City, type Person, readLog, startCity, Tale } from '@sotto/testing';
import { assert } from 'vitest';
import { forgetRoom } from '../../packages/keybox/src/forge.fixture.ts';
import { refusals, texts, toldCodes, updated } from '../../packages/keybox/src/talk.fixture.ts';
import { Canaries } from '../support/canaries.ts';

/** What an attacker puts into the log that Bob is told. */
export type Forge = (story: Tale) => Promise<readonly LogEntry[]>;

export interface SceneRoom {
  readonly history: 'all' | 'from-join';
  readonly keying: 'era' | 'per-message';
}

/**
 * A city in which Alice, who owns the room, and Bob are honest, Mallory is a member with a modified client, and Bob's
 * server lies. `refuses` and `halts` check the refusal contract: a typed code that reaches the caller or the key log,
 * good texts before, between and after that arrive once and in order, nothing else changed, bounded work, and at the
 * end no canary in any file of the city or in what the clients sent.
 */
export class Scene {
  readonly city: City;
  readonly alice: Person;
  readonly bob: Person;
  readonly mallory: Person;
  /** Of the test at hand. */
  room = '';
  readonly #canaries: Canaries;
  #good: string[] = [];
  #since = 0;

  private constructor(city: City, people: readonly [Person, Person, Person]) {
    this.city = city;
    [this.alice, this.bob, this.mallory] = people;
    this.#canaries = new Canaries((length) => this.alice.session.primitives.randomBytes(length));
  }

  static async open(): Promise<Scene> {
    const city = await startCity();
    const people = [await city.join('alice'), await city.join('bob'), await city.join('mallory')] as const;
    await city.befriend(...people);
    return new Scene(city, people);
  }

  /** A room of all three in which Alice has said something. */
  async newRoom({ history, keying }: SceneRoom = { history: 'all', keying: 'era' }): Promise<void> {
    const { alice, bob, mallory } = this;
    this.room = (await alice.box.createRoom({ name: 'tea', type: 'chat', history, keying })).id;
    this.#good = [];
    await alice.box.addMember(this.room, bob.address, 'member');
    await alice.box.addMember(this.room, mallory.address, 'member');
    await this.say('before');
    await updated(bob, mallory);
    this.#since = (await bob.box.keyLog()).length;
  }

  /** All servers become honest, and the vaults forget what they were told of the room. */
  async endRoom(): Promise<void> {
    for (const person of [this.alice, this.bob, this.mallory]) {
      person.link.repent();
      await forgetRoom(person, this.room);
    }
  }

  /** Alice says something that must arrive. */
  async say(place: string): Promise<string> {
    const text = this.#canaries.plant(`${place} in ${this.room}`);
    this.#good.push(text);
    await this.alice.box.sendMessage(this.room, text);
    return text;
  }

  /** What Alice said, oldest first. */
  get good(): readonly string[] {
    return this.#good;
  }

  /** Puts forged entries between two good ones, or behind them, and tells that log to Bob from now on. */
  async tell(forge: Forge, { last = false }: { readonly last?: boolean } = {}): Promise<Tale> {
    await this.say('between');
    const story = await Tale.of(this.city, this.bob, this.id);
    const { length } = story.entries;
    const forged = await forge(story);
    await this.say('after');
    const good = (await readLog(this.bob, this.id)).slice(length);
    story.entries.push(...(last ? [...good, ...forged] : [...forged, ...good]));
    return story.tell();
  }

  /** The forged entries are refused with `code`, and everything else is as if they were not there. */
  async refuses(code: string, forge: Forge): Promise<void> {
    const { bob } = this;
    const before = await this.#view();
    await this.tell(forge);
    bob.link.asked.length = 0;
    await updated(bob);
    assert.include(await this.told(), code);
    assert.deepEqual(await texts(bob, this.room), this.#good);
    assert.deepEqual(await this.#view(), before);
    assert.isBelow(bob.link.asked.length, MAX_CALLS);
    bob.restart();
    await updated(bob);
    assert.deepEqual(await texts(bob, this.room), this.#good);
  }

  /** The room is not read beyond the forged entries and `code` says why; what stands before them is shown. */
  async halts(code: string, forge: Forge): Promise<Tale> {
    const { bob } = this;
    const before = await this.#view();
    const story = await this.tell(forge);
    bob.link.asked.length = 0;
    assert.deepEqual(await refusals(bob), [code]);
    assert.include(await this.told(), code);
    assert.deepEqual(await texts(bob, this.room), this.#good.slice(0, -1));
    assert.deepEqual(await this.#view(), before);
    assert.isBelow(bob.link.asked.length, MAX_CALLS);
    return story;
  }

  /** Bob's server tells the truth, and he reads everything, in order and once. */
  async heals(): Promise<void> {
    this.bob.link.repent();
    await updated(this.bob);
    assert.deepEqual(await texts(this.bob, this.room), this.#good);
  }

  /** The control of `refuses` and `halts`: nobody objects, and Bob reads the good texts and `shown` before the last. */
  async takes(shown: readonly string[], forge: Forge, where: { readonly last?: boolean } = {}): Promise<void> {
    await this.tell(forge, where);
    await updated(this.bob);
    assert.deepEqual((await this.told()).filter(Boolean), []);
    const good = this.#good;
    const end = good.length - (where.last ? 0 : 1);
    assert.deepEqual(await texts(this.bob, this.room), [...good.slice(0, end), ...shown, ...good.slice(end)]);
  }

  /** Codes in Bob's key log since the room began. */
  async told(): Promise<(string | null)[]> {
    return toldCodes(this.bob, this.#since);
  }

  get id(): Uint8Array {
    return parseHex(this.room);
  }

  async close(): Promise<void> {
    const { city, alice, bob, mallory } = this;
    const sent = [alice, bob, mallory].flatMap(({ link }) => link.asked);
    const found = [
      ...this.#canaries.searchFolder(city.directory),
      ...sent.flatMap(({ name, input }) => this.#canaries.search(name, encodeCbor(input as CborValue))),
    ];
    await city[Symbol.asyncDispose]();
    assert.deepEqual(found, []);
  }

  /** What an attack must not change. */
  async #view(): Promise<object> {
    const { box } = this.bob;
    const { name, era, role } = await box.findRoom(this.room);
    return { name, era, role, members: await box.roomMembers(this.room), contacts: await box.listContacts() };
  }
}

/** Requests of one sync, whatever the server tells. */
const MAX_CALLS = 100;
