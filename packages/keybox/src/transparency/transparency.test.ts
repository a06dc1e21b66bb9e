import { decodeCbor, hex, parseUtf8, utf8 } from '@sotto/bytes';
import { type Chain, chainExtent, ProtocolUsageFault } from '@sotto/protocol';
import { type City, codeOf, type ForkedLog, type Person, startCity } from '@sotto/testing';
import { type MapEntry, parseCheckpoint } from '@sotto/transparency';
import { afterAll, assert, beforeAll, beforeEach, describe, test } from 'vitest';
import { Chains } from '../chains.ts';
import { Heads } from '../heads.ts';
import { said } from '../talk.fixture.ts';
import { logAgrees } from './evidence.ts';
import { hear } from './store.ts';

let city: City;
let alice: Person;
let bob: Person;
let room: string;
beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
  const created = await alice.box.createRoom({ name: 'Ward 3', type: 'chat', history: 'all', keying: 'era' });
  room = created.id;
  await alice.box.addMember(room, bob.address, 'admin');
});
beforeEach(async () => {
  // As devices that never followed the log: what one test found out is not to disturb the next.
  for (const { link, session } of [alice, bob]) {
    link.repent();
    const tables = ['checkpoint', 'log_entry', 'heard', 'evidence', 'key_log'];
    await session.keys.apply([...tables.map((table) => ({ sql: `DELETE FROM ${table}` })), logAgrees()]);
  }
  for (const { box } of [bob, alice, bob]) assert.deepEqual((await box.sync()).faults, []);
});
afterAll(() => city[Symbol.asyncDispose]());

describe('an honest log', () => {
  test('has everybody, and what others saw of it was compared', async () => {
    await alice.box.rotateRoom(room);
    assert.deepEqual((await bob.box.sync()).faults, []);
    const own = await alice.box.transparency.show();
    const shown = await bob.box.transparency.show();
    assert.strictEqual(shown.origin, `${city.server.domain}/sotto/transparency/1`);
    assert.strictEqual(shown.root, own.root);
    assert.strictEqual(shown.own, 'current');
    assert.strictEqual(shown.checked, shown.size);
    const [compared] = shown.compared;
    assert.strictEqual(compared?.who, alice.address);
    assert.isNotNull(compared?.at);
    const looked = await bob.box.transparency.check(alice.address);
    const { length } = chainExtent(await chainOf(alice));
    assert.deepEqual(looked, {
      origin: shown.origin,
      size: shown.size,
      root: shown.root,
      address: alice.address,
      state: 'current',
      statements: length,
    });
    assert.strictEqual(await codeOf(() => bob.box.transparency.check('nobody@localhost' as never)), 'not-found');
  });

  test('grows, and is followed from where it was', async () => {
    const before = await bob.box.transparency.show();
    await alice.box.devices.rotate();
    assert.deepEqual((await bob.box.sync()).faults, []);
    const after = await bob.box.transparency.show();
    assert.isAbove(after.size, before.size);
    assert.strictEqual(after.checked, after.size);
    bob.link.asked.length = 0;
    await bob.box.sync();
    const asked = bob.link.asked.filter(({ name }) => name.startsWith('transparency.'));
    assert.deepEqual(asked, [{ name: 'transparency.checkpoint', input: { from: after.size } }]);
  });

  test('of a restored server begins anew, and the user is told', async () => {
    const restore = await city.backup();
    await restore();
    assert.deepEqual((await bob.box.sync()).faults, []);
    const { origin } = await bob.box.transparency.show();
    assert.isFalse(origin.endsWith('/1'));
    assert.include(await told(bob), 'log/anew');
  });
});

describe('C3: a server that shows Alice one log and Bob another', () => {
  test('control: with one log the same exchange ends well', async () => {
    await alice.box.devices.rotate();
    await alice.box.rotateRoom(room);
    assert.deepEqual((await bob.box.sync()).faults, []);
    assert.deepEqual(await evidence(bob), []);
  });

  test('attack: the first era statement that passes between them finds it out, for good', async () => {
    const fork = await forkFor(bob);
    await fork.advance(await truth());
    const repent = fork.showTo(bob);
    assert.deepEqual((await bob.box.sync()).faults, []);
    await alice.box.devices.rotate();
    await alice.box.sync();
    await alice.box.rotateRoom(room);
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
    const [kept] = await evidence(bob);
    assert.strictEqual(kept?.code, 'split-view');
    const [own, other] = (kept?.notes ?? []).map((note) => parseCheckpoint(note));
    assert.strictEqual(own?.size, fork.size);
    assert.strictEqual(hex(other?.root ?? new Uint8Array()), (await alice.box.transparency.show()).root);
    const log = await told(bob);
    assert.isTrue(log.some((text) => text.startsWith(`log/split ${alice.address} `)));
    for (let i = 0; i < 2; i++) assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(room, 'to whom?')), 'split-view');
    assert.strictEqual(await codeOf(() => bob.box.rotateRoom(room)), 'split-view');
    assert.strictEqual((await evidence(bob)).length, 1);
    repent();
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'rollback', 'the logs do not meet again');
  });

  test('attack: with two logs of one size', async () => {
    const fork = await forkFor(bob);
    fork.showTo(bob);
    await bob.box.sync();
    await alice.box.devices.rotate();
    await alice.box.sync();
    assert.strictEqual((await alice.box.transparency.show()).size, fork.size);
    await alice.box.rotateRoom(room);
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
  });

  test('attack: where the larger log is the forged one, and Bob tells of it', async () => {
    const fork = await forkFor(bob);
    for (let i = 0; i < 3; i++) await fork.advance(await truth());
    fork.showTo(bob);
    await bob.box.sync();
    await bob.box.rotateRoom(room);
    const code = await codeOf(() => alice.box.sync());
    assert.strictEqual(code, 'rollback', 'the server shows Alice less than it signed for Bob');
    assert.strictEqual((await evidence(alice))[0]?.code, 'rollback');
  });

  test('attack: that refuses to prove that it signed one log alone', async () => {
    await alice.box.devices.rotate();
    await alice.box.sync();
    await alice.box.rotateRoom(room);
    await city.join('carol');
    bob.link.lie('transparency.consistency', () => ({ consistency: [] }));
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
    bob.link.repent();
    assert.deepEqual((await bob.box.sync()).faults, []);
    assert.strictEqual((await bob.box.sendMessage(room, 'now')).state, 'accepted');
  });
});

describe('C3: a server that shows a new device another log', () => {
  let eve: Person;
  let seen: number;
  beforeAll(async () => {
    eve = await city.join('eve', { roaming: true });
    await eve.box.sync();
    seen = (await eve.box.transparency.show()).size;
  });

  test('control: with one log both devices compare what they saw, and go on', async () => {
    const phone = await city.signIn(eve, 'phone');
    assert.deepEqual((await phone.box.sync()).faults, []);
    const [compared] = (await phone.box.transparency.show()).compared;
    assert.strictEqual(compared?.size, seen);
    assert.isNotNull(compared?.at);
    assert.deepEqual((await eve.box.sync()).faults, []);
    assert.strictEqual((await eve.box.transparency.show()).compared.length, 1);
  });

  test('attack: its first sign-in finds it out', async () => {
    const tablet = await city.signIn(eve, 'tablet');
    const fork = await city.forkLog(tablet, seen - 1);
    const chain = await chainOf(tablet);
    const entries = { [eve.address]: { account: chain.fingerprint, ...chainExtent(chain) } };
    for (let i = 0; i < 5; i++) await fork.advance(entries);
    fork.showTo(tablet);
    assert.strictEqual(await codeOf(() => tablet.box.sync()), 'split-view');
    assert.isTrue((await told(tablet)).some((text) => text.startsWith(`log/split ${eve.address} `)));
  });
});

describe('a log that goes back, or parts from itself', () => {
  test('is found out at the moment it parts from what somebody was shown before', async () => {
    const { size } = await bob.box.transparency.show();
    const fork = await city.forkLog(bob, size - 1);
    await fork.advance(await truth());
    fork.showTo(bob);
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
    await fork.advance(await truth());
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
    assert.strictEqual((await evidence(bob)).length, 2);
  });

  test('is a rollback', async () => {
    const { size } = await bob.box.transparency.show();
    const fork = await city.forkLog(bob, size - 1);
    fork.showTo(bob);
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'rollback');
    assert.strictEqual((await evidence(bob))[0]?.code, 'rollback');
    bob.link.repent();
    assert.deepEqual((await bob.box.sync()).faults, []);
  });
});

describe('Cx1: a log that says of somebody what they did not sign', () => {
  test('attack: of a contact another account, another past, or statements that nobody has', async () => {
    const fork = await city.forkLog(bob);
    fork.showTo(bob);
    const entries = await truth();
    for (const change of [{ account: OTHER }, { hash: OTHER }, { length: 40 }]) {
      await fork.advance({ ...entries, [alice.address]: { ...(entries[alice.address] as MapEntry), ...change } });
      assert.strictEqual(await codeOf(() => bob.box.transparency.check(alice.address)), 'split-view');
      assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
    }
    assert.strictEqual((await evidence(bob)).length, 3);
    assert.isTrue((await told(bob)).some((text) => text.startsWith(`log/contradicts-keys ${alice.address} `)));
    await fork.advance(entries);
    assert.strictEqual((await bob.box.transparency.check(alice.address)).state, 'current');
  });

  test('attack: for one epoch alone, of its owner another account', async () => {
    const fork = await city.forkLog(bob);
    const entries = await truth();
    await fork.advance({
      ...entries,
      [bob.address]: { ...(entries[bob.address] as MapEntry), account: OTHER },
    });
    await fork.advance(entries);
    fork.showTo(bob);
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view');
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'split-view', 'and with every sync again');
  });

  test('control: what everybody signed is taken', async () => {
    (await forkFor(bob)).showTo(bob);
    assert.deepEqual((await bob.box.sync()).faults, []);
    assert.strictEqual((await bob.box.transparency.check(alice.address)).state, 'current');
  });
});

describe('a log that lacks something', () => {
  test('an entry that disappears is a rollback', async () => {
    const fork = await city.forkLog(bob);
    const { [bob.address]: _, ...others } = await truth();
    await fork.advance(others);
    fork.showTo(bob);
    assert.strictEqual(await codeOf(() => bob.box.sync()), 'rollback');
  });

  test('proofs that do not hold are refused, told, and change nothing', async () => {
    const before = await bob.box.transparency.show();
    bob.link.lie('transparency.entries', async (honest) => {
      const answer = await honest();
      const addresses = answer.addresses.map(
        (shown) => shown && { ...shown, entries: shown.entries.map((entry) => ({ ...entry, entry: null })) },
      );
      return { ...answer, addresses };
    });
    await alice.box.devices.rotate();
    const { faults } = await bob.box.sync();
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['proof-invalid'],
    );
    assert.isTrue((await told(bob)).some((text) => text.startsWith('log/refused ')));
    assert.strictEqual((await bob.box.transparency.show()).checked, before.checked);
    bob.link.repent();
    assert.deepEqual((await bob.box.sync()).faults, []);
  });

  test('nothing for a day, of somebody who is new, is told', async () => {
    const dora = await city.join('dora');
    const fork = await forkFor(bob);
    fork.showTo(bob);
    await city.befriend(dora, bob);
    await fork.advance(await truth());
    assert.deepEqual((await bob.box.sync()).faults, []);
    assert.strictEqual((await bob.box.transparency.check(dora.address)).state, 'absent');
    city.clock.skip(25 * 3600 * 1000);
    await fork.advance(await truth());
    const { faults } = await bob.box.sync();
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['log-withheld'],
    );
  });

  test('a server that shows no log is told, and messages go on', async () => {
    bob.link.lie('transparency.checkpoint', () => {
      throw new ProtocolUsageFault('not-found', 'no log here');
    });
    const { faults } = await bob.box.sync();
    assert.deepEqual(
      faults.map(({ code }) => code),
      ['log-withheld'],
    );
    assert.strictEqual((await bob.box.sendMessage(room, 'hello')).state, 'accepted');
    assert.include(await told(bob), 'log/refused the server does not show its transparency log');
  });
});

describe('what others pass on', () => {
  test('and the server did not sign, or is no checkpoint, says nothing of the server', async () => {
    const { keys } = bob.session;
    const [{ note } = { note: new Uint8Array() }] = await keys.query<{ note: Uint8Array }>(
      'SELECT note FROM checkpoint',
    );
    const forged = utf8(parseUtf8(note).replace(/\n(\d+)\n/, '\n999\n'));
    const foreign = utf8(parseUtf8(note).replaceAll('localhost', 'example.org'));
    const device = (byte: number) => new Uint8Array(32).fill(byte);
    for (const [i, junk] of [forged, foreign, utf8('junk')].entries()) {
      await keys.apply(hear(bob.session, { device: device(i), who: 'mallory@localhost', note: junk }));
    }
    assert.deepEqual((await bob.box.sync()).faults, []);
    assert.deepEqual(await evidence(bob), []);
    const log = await told(bob);
    assert.isTrue(log.includes('refused/checkpoint-unsigned mallory@localhost'));
    assert.isTrue(log.includes('refused/checkpoint-malformed mallory@localhost'));
  });
});

/** A log that parts from the true one now, and says of everybody what is true now. */
async function forkFor(person: Person): Promise<ForkedLog> {
  const fork = await city.forkLog(person);
  await fork.advance(await truth());
  return fork;
}

async function truth(): Promise<Record<string, MapEntry>> {
  const entries: Record<string, MapEntry> = {};
  for (const person of [alice, bob]) {
    const chain = await chainOf(person);
    const { length, hash } = chainExtent(chain);
    entries[person.address] = { account: chain.fingerprint, length, hash };
  }
  return entries;
}

async function chainOf({ session }: Person): Promise<Chain> {
  const chains = new Chains(session, new Heads(session));
  return (await chains.known(session.identity.fingerprint)) as Chain;
}

async function told({ box }: Person): Promise<string[]> {
  return (await box.keyLog()).map(({ entry }) => said(entry));
}

async function evidence({ session }: Person): Promise<{ readonly code: string; readonly notes: Uint8Array[] }[]> {
  const rows = await session.keys.query<{ code: string; content: Uint8Array }>(
    "SELECT code, content FROM evidence WHERE kind = 'log'",
  );
  return rows.map(({ code, content }) => ({ code, notes: decodeCbor(content) as unknown as Uint8Array[] }));
}

const OTHER = utf8('x'.repeat(32));
