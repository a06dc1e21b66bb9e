import { type City, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { KeyBox } from './keybox.ts';
import type { Part } from './ports.ts';
import { news, texts, updated } from './talk.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
});

afterAll(() => city[Symbol.asyncDispose]());

/** What a killed process throws into its own face: no fault, so that nobody handles it. */
class Killed extends Error {}

/** Does the work with a vault that dies at its `at`-th change, before or after it is durable; false if it lived on. */
async function killedAt(person: Person, at: number, work: (box: KeyBox) => Promise<unknown>): Promise<boolean> {
  let steps = 0;
  const step = (): void => {
    steps += 1;
    if (steps >= at) throw new Killed();
  };
  const dying = (part: Part): Part => ({
    query: (sql, parameters) => part.query(sql, parameters),
    async apply(statements) {
      step();
      await part.apply(statements);
      step();
    },
  });
  const { keys, contacts, history } = person.session;
  const parts = { keys: dying(keys), contacts: dying(contacts), history: dying(history) };
  try {
    await work(new KeyBox({ ...person.session, ...parts }));
    return false;
  } catch (cause) {
    if (!(cause instanceof Killed)) throw cause;
    return true;
  } finally {
    person.restart();
  }
}

/** Kills the work at every step once; `check` sees what is left after the next start. */
async function atEveryStep(
  person: Person,
  work: (box: KeyBox, at: number) => Promise<unknown>,
  check: (at: number) => Promise<void>,
): Promise<void> {
  for (let at = 1; ; at++) {
    const killed = await killedAt(person, at, (box) => work(box, at));
    await check(at);
    if (!killed) return assert.isAbove(at, 4);
  }
}

describe('L5: killed between any two changes of the vault', () => {
  test('attack while sending: once if it was durable, and never twice', async () => {
    const room = await newRoom();
    await atEveryStep(
      alice,
      (box, at) => box.sendMessage(room, `word ${at}`, { key: `${at}` }),
      async (at) => {
        // Who is not answered says it again, under the same key.
        await alice.box.sendMessage(room, `word ${at}`, { key: `${at}` });
        await updated(alice, bob);
        const said = Array.from({ length: at }, (_, i) => `word ${i + 1}`);
        assert.deepEqual(await texts(alice, room), said);
        assert.deepEqual(await texts(bob, room), said);
      },
    );
    assert.deepEqual(await news(bob, 'gap'), []);
  });

  test('attack while reading: everything once', async () => {
    const room = await newRoom();
    const said: string[] = [];
    await atEveryStep(
      bob,
      async (box, at) => {
        said.push(`word ${at}`);
        const { id } = await alice.box.sendMessage(room, `word ${at}`);
        await alice.box.reactMessage(room, id, '!');
        await alice.box.rotateRoom(room);
        await box.sync();
      },
      async () => {
        await updated(bob);
        assert.deepEqual(await texts(bob, room), said);
        const shown = await bob.box.listMessages(room);
        assert.deepEqual(
          shown.map(({ reactions }) => reactions.length),
          said.map(() => 1),
        );
      },
    );
  });

  test('control: nobody kills it', async () => {
    const room = await newRoom();
    await alice.box.sendMessage(room, 'one', { key: 'one' });
    await alice.box.sendMessage(room, 'two', { key: 'two' });
    await updated(bob);
    assert.deepEqual(await texts(bob, room), ['one', 'two']);
  });
});

describe('killed at every change of the vault', () => {
  test('while adding and removing: the room goes on', async () => {
    const room = await newRoom();
    await atEveryStep(
      alice,
      async (box) => {
        await box.removeMember(room, bob.address).catch(unlessKilled);
        await box.addMember(room, bob.address, 'member');
      },
      async (at) => {
        await updated(alice);
        await alice.box.addMember(room, bob.address, 'member');
        await alice.box.sendMessage(room, `word ${at}`);
        await updated(bob);
        assert.strictEqual((await texts(bob, room)).at(-1), `word ${at}`);
      },
    );
  });

  test('while becoming contacts: both know in the end', async () => {
    const carol = await city.join('carol');
    await atEveryStep(
      bob,
      async (box) => {
        await carol.box.addContact(bob.address);
        await box.sync();
        await box.acceptContact(carol.address);
      },
      async () => {
        await updated(bob);
        if ((await bob.box.showContact(carol.address)).state === 'incoming') await bob.box.acceptContact(carol.address);
        await updated(carol);
        assert.strictEqual((await carol.box.showContact(bob.address)).state, 'mutual');
        assert.strictEqual((await bob.box.showContact(carol.address)).state, 'mutual');
        await carol.box.removeContact(bob.address);
        await bob.box.removeContact(carol.address);
        // Nobody rings at one address as often as this.
        city.clock.skip(3600 * 1000);
      },
    );
  });
});

async function newRoom(): Promise<string> {
  const { id } = await alice.box.createRoom({ name: 'tea', type: 'chat', history: 'all', keying: 'era' });
  await alice.box.addMember(id, bob.address, 'member');
  await updated(bob);
  return id;
}

function unlessKilled(cause: unknown): void {
  if (cause instanceof Killed) throw cause;
}
