import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { toldCodes } from '../talk.fixture.ts';
import { Listener, mediaOf, offerOf, quiet, sealSignal } from './calls.fixture.ts';

let city: City;
let alice: Person;
let bob: Person;
/** A contact of Bob with a modified client. */
let mallory: Person;
let atBob: Listener;
let since: number;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  mallory = await city.join('mallory');
  await city.befriend(alice, bob);
  await city.befriend(mallory, bob);
  atBob = new Listener(bob);
  await atBob.ready;
});

beforeEach(async () => {
  // Whoever rang often may ring again.
  city.clock.skip(61_000);
  await bob.session.keys.apply([{ sql: 'DELETE FROM key_log' }]);
  since = (await bob.box.keyLog()).length;
  atBob.clear();
});

afterEach(async () => {
  bob.link.repent();
  await quiet(alice, bob);
});

afterAll(async () => {
  await atBob.close();
  await city[Symbol.asyncDispose]();
});

async function startAgain(): Promise<void> {
  await atBob.close();
  bob.restart();
  atBob = new Listener(bob);
  await atBob.ready;
}

/** A server hands something to Bob's device. */
const hand = (container: Uint8Array): void => bob.link.hint({ event: 'signal', container });

/** What Bob's device refused, once it has looked at everything that came. */
async function refused(): Promise<(string | null)[]> {
  await bob.box.calls.settled();
  return toldCodes(bob, since);
}

const rang = (): number => new Set(atBob.ofCalls.map(({ call }) => call.id)).size;

async function ring(by: Person, options: Parameters<typeof offerOf>[2] = {}): Promise<Uint8Array> {
  const { call, value } = await offerOf(by, bob, options);
  hand(await sealSignal(by, bob, value));
  await bob.box.calls.settled();
  return call;
}

describe('S1: media before the person has answered', () => {
  const pushing = (device: Uint8Array): readonly { readonly kind: string; readonly content: object }[] => [
    { kind: 'taken', content: { device, answer: new Uint8Array(32) } },
    { kind: 'candidates', content: { candidates: [{ address: Uint8Array.of(1, 1, 1, 1), port: 4000 }] } },
    { kind: 'notice', content: { held: false, muted: false } },
  ];

  test('attack: whatever the caller says, a call that rings goes on ringing', async () => {
    const call = await ring(mallory);
    const messages = pushing(bob.session.identity.deviceId);
    for (const [i, message] of messages.entries()) {
      hand(await sealSignal(mallory, bob, { v: 1, call, seq: i + 1, at: mallory.clock.now(), ...message }));
    }
    await bob.box.calls.settled();
    const [ringing] = await bob.box.calls.current();
    assert.strictEqual(ringing?.phase, 'ringing');
    assert.strictEqual(await codeOf(() => bob.box.calls.media(ringing?.id ?? '')), 'not-found');
  });

  test('control: once the person answers there is media', async () => {
    await ring(mallory);
    const { id } = await atBob.phase('ringing');
    await bob.box.calls.answer(id, mediaOf(2));
    assert.lengthOf((await bob.box.calls.media(id)).auxSecret, 32);
  });
});

describe('S2: signalling that is replayed, delayed, or said by others', () => {
  test('attack: an offer of before, after the program was started again', async () => {
    const { value } = await offerOf(mallory, bob);
    const container = await sealSignal(mallory, bob, value);
    hand(container);
    const { id } = await atBob.phase('ringing');
    await bob.box.calls.decline(id);
    await startAgain();
    hand(container);
    assert.include(await refused(), 'call-replayed');
    assert.strictEqual(rang(), 0);
  });

  test('attack: an offer that was held back', async () => {
    await ring(mallory, { at: mallory.clock.now() - 125_000 });
    assert.include(await refused(), 'call-expired');
    assert.strictEqual(rang(), 0);
  });

  test('attack: somebody else ends the call', async () => {
    const atAlice = new Listener(alice);
    await alice.box.calls.place(bob.address, mediaOf(1));
    const { id } = await atBob.phase('ringing');
    await bob.box.calls.answer(id, mediaOf(2));
    await bob.box.calls.connected(id);
    const call = [...(await tokensOfBob())][0] as Uint8Array;
    const end = { v: 1, call, seq: 9, at: mallory.clock.now(), kind: 'end', content: { reason: 'hang-up' } };
    hand(await sealSignal(mallory, bob, end));
    assert.include(await refused(), 'call-dialog');
    assert.strictEqual((await bob.box.calls.current())[0]?.phase, 'active');
    await atAlice.close();
  });

  test('a call that still rings goes on ringing in a program that was started again', async () => {
    const { value } = await offerOf(mallory, bob);
    const container = await sealSignal(mallory, bob, value);
    hand(container);
    await atBob.phase('ringing');
    await startAgain();
    hand(container);
    await atBob.phase('ringing');
  });

  test('control: a message that is none of that', async () => {
    await ring(mallory);
    assert.strictEqual((await atBob.phase('ringing')).address, mallory.address);
    assert.deepEqual(await refused(), []);
  });

  test('an offer that the server keeps to itself is one that nobody heard', async () => {
    const atAlice = new Listener(alice);
    const stop = alice.link.lie('signals.send', async () => ({}));
    await alice.box.calls.place(bob.address, mediaOf(1));
    city.clock.skip(61_000);
    const { outcome, code } = await atAlice.phase('ended');
    assert.deepEqual([outcome, code], ['missed', 'call-unheard']);
    stop();
    await atAlice.close();
  });

  test('an answer with any bit turned is told to the caller, and at the end as well', async () => {
    const atAlice = new Listener(alice);
    await atAlice.ready;
    await alice.box.calls.place(bob.address, mediaOf(1));
    const { id } = await atBob.phase('ringing');
    await atAlice.until(({ call }) => call.rings);
    const stop = bob.link.lie('signals.send', (honest, { to, container }) =>
      honest({ to, container: container.with(container.length - 40, (container.at(-40) as number) ^ 1) }),
    );
    await bob.box.calls.answer(id, mediaOf(2));
    await atAlice.untilRefused('open-failed');
    city.clock.skip(61_000);
    const { outcome, code } = await atAlice.phase('ended');
    assert.deepEqual([outcome, code], ['failed', 'open-failed']);
    assert.strictEqual((await atBob.phase('ended')).code, 'call-no-keys');
    stop();
    await atAlice.close();
  });

  test('an offer with any bit turned does not ring, and both ends are told', async () => {
    const atAlice = new Listener(alice);
    const stop = alice.link.lie('signals.send', (honest, { to, container }) =>
      honest({ to, container: container.with(container.length - 40, (container.at(-40) as number) ^ 1) }),
    );
    await alice.box.calls.place(bob.address, mediaOf(1));
    while ((await refused()).length === 0) await bob.box.calls.settled();
    assert.include(await refused(), 'open-failed');
    assert.strictEqual(rang(), 0);
    city.clock.skip(61_000);
    const { outcome, code } = await atAlice.phase('ended');
    assert.deepEqual([outcome, code], ['failed', 'open-failed']);
    await atBob.untilRefused('open-failed');
    stop();
    await atAlice.close();
  });
});

/** Tokens of the calls that Bob's device noted, the newest first. */
async function tokensOfBob(): Promise<readonly Uint8Array[]> {
  const rows = await bob.session.keys.query<{ call: Uint8Array }>('SELECT call FROM call_seen ORDER BY rowid DESC');
  return rows.map(({ call }) => call);
}

describe('Sx1: an offer of less protection', () => {
  test.each([
    ['without a zrtp-hash', { zrtpHash: '' }],
    ['with the keys of the media in it', { crypto: 'AES_CM_128_HMAC_SHA1_80 inline:WVNfX19zZW1jdGwgKCkgewkyMjA7fQp9' }],
    ['of another profile', { profile: 'clear' }],
  ])('attack: %s', async (_, media) => {
    await ring(mallory, { media });
    assert.include(await refused(), 'format-malformed');
    assert.strictEqual(rang(), 0);
  });

  test('control: an offer of what there is', async () => {
    await ring(mallory, { media: { profile: 'low-bandwidth' } });
    await atBob.phase('ringing');
    assert.deepEqual(await refused(), []);
  });
});

describe('S4: rings of strangers, and too many of them', () => {
  test('attack: somebody who is a contact no more', async () => {
    await bob.session.contacts.apply([
      { sql: "UPDATE contact SET state = 'blocked' WHERE address = ?", parameters: [mallory.address] },
    ]);
    await ring(mallory);
    const codes = await refused();
    await bob.session.contacts.apply([
      { sql: "UPDATE contact SET state = 'mutual' WHERE address = ?", parameters: [mallory.address] },
    ]);
    assert.strictEqual(rang(), 0);
    assert.include(codes, 'call-stranger');
  });

  test('attack: a contact who rings a dozen times', async () => {
    for (let i = 0; i < 12; i++) {
      await ring(mallory);
      for (const { id } of await bob.box.calls.current()) await bob.box.calls.decline(id);
    }
    assert.strictEqual(rang(), 5);
    assert.include(await refused(), 'call-flood');
  });

  test('control: a contact who rings', async () => {
    await ring(mallory);
    await atBob.phase('ringing');
    assert.strictEqual(rang(), 1);
  });
});

describe('S5: addresses inside somebody else’s house', () => {
  const world = { address: Uint8Array.of(9, 9, 9, 9), port: 40_000 };
  const inside = [
    [127, 0, 0, 1],
    [10, 0, 0, 1],
    [172, 16, 0, 1],
    [192, 168, 0, 1],
    [100, 64, 0, 1],
    [169, 254, 169, 254],
    [0, 0, 0, 0],
    [224, 0, 0, 1],
    [255, 255, 255, 255],
    [...new Array(15).fill(0), 1],
    new Array(16).fill(0),
    [...new Array(10).fill(0), 255, 255, 127, 0, 0, 1],
    [0xfe, 0x80, ...new Array(13).fill(0), 1],
    [0xfd, ...new Array(14).fill(0), 1],
    [0x20, 0x02, 127, 0, 0, 1, ...new Array(10).fill(0)],
  ].map((address) => ({ address: Uint8Array.from(address), port: 40_000 }));

  /** What Bob's program would try, after an answer with addresses of its own. */
  async function tried(own: string): Promise<readonly string[]> {
    const { id } = await atBob.phase('ringing');
    await bob.box.calls.answer(id, mediaOf(2, { candidates: [{ address: own, port: 40_001 }] }));
    return (await bob.box.calls.media(id)).peer.candidates.map(({ address }) => address);
  }

  test('attack: each of them beside one of the world', async () => {
    await ring(mallory, { media: { candidates: [world, ...inside] } });
    assert.deepEqual(await tried('8.8.8.8'), ['9.9.9.9']);
  });

  test('attack: ever more of them', async () => {
    const call = await ring(mallory, { media: { candidates: [world] } });
    for (let seq = 1; seq <= 4; seq++) {
      const candidates = Array.from({ length: 16 }, (_, i) => ({ ...world, port: 41_000 + 16 * seq + i }));
      hand(
        await sealSignal(mallory, bob, {
          v: 1,
          call,
          seq,
          at: mallory.clock.now(),
          kind: 'candidates',
          content: { candidates },
        }),
      );
    }
    await bob.box.calls.settled();
    assert.lengthOf(await tried('8.8.8.8'), 32);
  });

  test('control: of a kind that this end told itself', async () => {
    await ring(mallory, { media: { candidates: [world, ...inside.slice(1, 4)] } });
    assert.deepEqual(await tried('192.168.7.7'), ['9.9.9.9', '10.0.0.1', '172.16.0.1', '192.168.0.1']);
  });

  test('ports of services are refused, and more than sixteen at once', async () => {
    await ring(mallory, { media: { candidates: [{ ...world, port: 22 }] } });
    await ring(mallory, { media: { candidates: new Array(17).fill(world) } });
    assert.deepEqual(await refused(), ['format-malformed', 'format-malformed']);
    assert.strictEqual(rang(), 0);
  });
});
