import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { decodeCbor, hex } from '@sotto/bytes';
import {
  activeDevice,
  activeDevices,
  currentEra,
  currentUserKey,
  type DeviceName,
  type Envelope,
  envelope,
  sealSeed,
} from '@sotto/protocol';
import { type City, codeOf, makeDevice, type Person, startCity, type TestDevice } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { Chains } from '../chains.ts';
import { META } from '../enrolment.ts';
import { KeyboxUsageFault } from '../fault.ts';
import { Heads } from '../heads.ts';
import { parseKeystore } from '../keystore.ts';
import { readMeta } from '../meta.ts';
import { readRooms } from '../room-store.ts';
import { said } from '../talk.fixture.ts';
import { makeUserKeyChange, newestUserKey, openSeeds } from '../user-keys.ts';
import { appendToOwnChain, refreshOwnChain } from './own-chain.ts';
import { confirmRevocation } from './revocation.ts';

let city: City;
let alice: Person;
let bob: Person;
beforeEach(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  await city.befriend(alice, bob);
});
afterEach(() => city[Symbol.asyncDispose]());

describe('revoking a device', () => {
  test('gives the others a new user key, and every room a new era before the next message', async () => {
    const room = await talk();
    const phone = await addPhone();
    await alice.box.sendMessage(room, 'while the phone still reads');
    const before = await erasOf(alice);
    await alice.box.devices.revoke('phone');
    const chain = await ownChain(alice);
    assert.strictEqual(activeDevice(chain, phone.id), null);
    assert.strictEqual(currentUserKey(chain).generation, 1);
    assert.strictEqual(newestUserKey(alice.session.identity).generation, 1);
    const after = await erasOf(alice);
    for (const [id, era] of before) assert.isAbove(after.get(id) ?? 0, era, id);
    await bob.box.sync();
    await bob.box.sendMessage(room, 'and now');
    await alice.box.sync();
    assert.deepEqual(await texts(alice, room), ['hello', 'while the phone still reads', 'and now']);
    alice.restart();
    assert.deepEqual(await texts(alice, room), ['hello', 'while the phone still reads', 'and now']);
    const all = { chain, statements: await statements() };
    const { deviceId, kem } = alice.session.identity;
    const own = await openSeeds(alice.session, all, { id: deviceId, kem: kem.secretKey });
    assert.deepEqual(
      own.map(({ generation }) => generation),
      [0, 1],
    );
    const left = await openSeeds(alice.session, all, { id: phone.id, kem: phone.kem });
    assert.deepEqual(
      left.map(({ generation }) => generation),
      [0],
    );
  });

  test('is found in the list, and told to contacts', async () => {
    await talk();
    await addPhone();
    await alice.box.devices.revoke('phone');
    const states = (await alice.box.devices.list()).map(({ name, state, current }) => [name, state, current]);
    assert.deepEqual(states, [
      ['laptop', 'active', true],
      ['phone', 'revoked', false],
    ]);
    await bob.box.sync();
    const log = (await bob.box.keyLog()).map(({ entry }) => said(entry));
    assert.include(log, 'device/revoked alice@localhost phone');
  });

  test('is refused for an unknown name, and for the own device unless it is meant', async () => {
    assert.strictEqual(await codeOf(() => alice.box.devices.revoke('phone')), 'not-found');
    assert.strictEqual(await codeOf(() => alice.box.devices.revoke('laptop')), 'device-own');
    assert.strictEqual(await codeOf(() => alice.box.devices.revoke('laptop', { own: true })), 'device-last');
  });
});

describe('a device that was revoked', () => {
  test('deletes its vault at its next contact, and says so ever after', async () => {
    await addPhone();
    await alice.box.devices.revoke('laptop', { own: true });
    assert.deepEqual(readdirSync(alice.folder), ['revoked']);
    assert.strictEqual(await codeOf(() => alice.reopen(PASSPHRASE)), 'device-revoked');
  });

  test('learns of it at its next contact', async () => {
    const phone = await addPhone();
    const revoking = appendToOwnChain(
      readerOf(alice),
      async (chain) => {
        const stay = [...chain.devices.values()].filter(({ name }) => name === 'phone');
        const previous = newestUserKey(alice.session.identity).seed;
        const change = await makeUserKeyChange(alice.session, { chain, previous, stay });
        return { type: 'device.revoke', body: { device: alice.session.identity.deviceId, change } };
      },
      { signers: [{ id: phone.id, signing: phone.signing }] },
    );
    // Its own session ends with the answer, which it may miss.
    await codeOf(() => revoking);
    assert.strictEqual(await codeOf(() => alice.box.sync()), 'device-revoked');
    assert.deepEqual(readdirSync(alice.folder), ['revoked']);
  });

  test('deletes nothing because the server says so', async () => {
    assert.strictEqual(await codeOf(() => confirmRevocation(alice.session)), 'revocation-unproven');
    assert.isTrue(existsSync(`${alice.folder}/keystore`));
  });
});

test('of two devices that revoke each other at once exactly one stays', async () => {
  await talk();
  const phone = await addPhone();
  const revengeful = appendToOwnChain(
    readerOf(alice),
    async (chain) => {
      const stay = activeDevices(chain).filter(({ name }) => name === 'phone');
      if (stay.length === 0) return null;
      const previous = newestUserKey(alice.session.identity).seed;
      const change = await makeUserKeyChange(alice.session, { chain, previous, stay });
      return { type: 'device.revoke', body: { device: alice.session.identity.deviceId, change } };
    },
    { signers: [{ id: phone.id, signing: phone.signing }] },
  );
  // Whoever comes second is told so in one way or another; what counts is what everybody else sees.
  await Promise.allSettled([alice.box.devices.revoke('phone'), revengeful]);
  const { session } = bob;
  const seen = await new Chains(session, new Heads(session)).refresh(alice.session.identity.fingerprint, alice.address);
  assert.strictEqual(seen === null ? 0 : activeDevices(seen).length, 1);
});

test('a user key that was made by a device which is revoked by now is made anew', async () => {
  const phone = await addPhone();
  const phoneSigner = { id: phone.id, signing: phone.signing };
  await alice.box.devices.rotate();
  const reader = readerOf(alice);
  await appendToOwnChain(
    reader,
    async (chain) => {
      const stay = [...chain.devices.values()];
      const previous = newestUserKey(alice.session.identity).seed;
      const change = await makeUserKeyChange(alice.session, { chain, previous, stay });
      return { type: 'userkey.rotate', body: { change } };
    },
    { signers: [phoneSigner] },
  );
  alice.restart();
  await alice.box.sync();
  assert.strictEqual((await ownChain(alice)).userKeys.length, 3);
  await alice.box.devices.revoke('phone');
  await alice.box.sync();
  assert.strictEqual((await ownChain(alice)).userKeys.length, 4);
});

describe('Dx3: a device on a borrowed computer that does not end', () => {
  test('control: until its time it is a device like any other', async () => {
    const phone = await addPhone(alice.clock.now() + 3_600_000);
    alice.restart();
    await alice.box.sync();
    assert.isNotNull(activeDevice(await ownChain(alice), phone.id));
  });

  test('attack: its clock stands still, and it never erases itself: the others revoke it', async () => {
    const phone = await addPhone(alice.clock.now() + 3_600_000);
    city.clock.skip(3_700_000);
    await alice.box.sync();
    const chain = await ownChain(alice);
    assert.isNull(activeDevice(chain, phone.id));
    assert.strictEqual(currentUserKey(chain).generation, 1);
  });

  test('a clock of the others that is wrong by days revokes nobody', async () => {
    const phone = await addPhone(alice.clock.now() + 3_600_000);
    alice.clock.skip(3 * 24 * 3_600_000);
    assert.strictEqual(await codeOf(() => alice.box.sync()), 'clock-skew');
    alice.clock.skip(-3 * 24 * 3_600_000);
    await alice.box.sync();
    assert.isNotNull(activeDevice(await ownChain(alice), phone.id));
  });
});

describe('a change of passphrase', () => {
  const NEW = 'another battery horse staple correct';

  test('opens the vault with the new one alone, and what was there is there', async () => {
    const room = await talk();
    const secret = keptKemKey();
    using before = alice.session.vaultSecret();
    await alice.box.devices.changePassphrase({ passphrase: NEW, roaming: 'on' });
    using after = alice.session.vaultSecret();
    assert.notDeepEqual(after.unsafeExpose('compared'), before.unsafeExpose('compared'));
    const chain = await ownChain(alice);
    const kinds = [...chain.devices.values()].map(({ kind }) => kind);
    assert.deepEqual(kinds, ['keybox', 'roaming']);
    assert.notStrictEqual(keptKemKey(), secret);
    assert.strictEqual(await codeOf(() => alice.reopen(PASSPHRASE)), 'wrong-passphrase');
    const again = await alice.reopen(NEW);
    await again.box.sync();
    assert.deepEqual(await texts(again, room), ['hello']);
    await again.session.close();
    const offline = await again.reopen(NEW);
    await offline.box.sendMessage(room, 'still here');
    await offline.box.devices.changePassphrase({ passphrase: PASSPHRASE, roaming: 'off' });
    const devices = [...(await ownChain(offline)).devices.values()];
    assert.deepEqual(
      devices.filter(({ revokedAt }) => revokedAt === null).map(({ kind }) => kind),
      ['keybox'],
    );
  });

  test('that was begun many times in vain costs no other vault its key', async () => {
    let person = alice;
    for (let i = 0; i < 10; i++) {
      person.link.lie('passphrase.finish', () => person.link.call('rooms.list', { after: null }).then(refuse));
      await codeOf(() => person.box.devices.changePassphrase({ passphrase: NEW, roaming: 'off' }));
      person = await person.reopen(PASSPHRASE);
    }
    const keys = decodeCbor((await readMeta(person.session.keys, META.unlockKeys)) as Uint8Array);
    assert.lengthOf(keys as readonly unknown[], 1);
  });
});

function refuse(): never {
  throw new KeyboxUsageFault('unreachable', 'the test has cut the line');
}

/** The city's people all have this one. */
const PASSPHRASE = 'Correct horse 1';

async function talk(): Promise<string> {
  const { id } = await alice.box.directRoom(bob.address);
  await alice.box.sendMessage(id, 'hello');
  await bob.box.sync();
  return id;
}

async function texts(person: Person, room: string): Promise<readonly string[]> {
  return (await person.box.listMessages(room)).map(({ text }) => text);
}

function readerOf({ session }: Person) {
  const heads = new Heads(session);
  return { session, chains: new Chains(session, heads) };
}

/** The newest era of each of somebody's rooms. */
async function erasOf({ session }: Person): Promise<Map<string, number>> {
  const rooms = await readRooms(session.keys);
  return new Map(rooms.map(({ state }) => [hex(state.id), currentEra(state).era]));
}

async function statements(): Promise<readonly Envelope[]> {
  const { keys, identity } = alice.session;
  const rows = await keys.query<{ envelope: Uint8Array }>(
    'SELECT envelope FROM chain WHERE fingerprint = ? ORDER BY seq',
    [identity.fingerprint],
  );
  return rows.map((row) => envelope.parse(row.envelope));
}

/** What the keystore has of the vault secret. */
function keptKemKey(): string {
  return hex(parseKeystore(readFileSync(`${alice.folder}/keystore`)).kemKey);
}

function ownChain(person: Person) {
  return refreshOwnChain(readerOf(person));
}

/** A second installation of Alice's, of which the test has the keys. */
async function addPhone(expiresAt: number | null = null): Promise<TestDevice> {
  const { identity, suites } = alice.session;
  const phone = await makeDevice(identity.suite, { name: 'phone' as DeviceName, kind: 'keybox' });
  await appendToOwnChain(readerOf(alice), async (chain) => {
    const { generation, seed } = newestUserKey(identity);
    const binding = { account: chain.fingerprint, device: phone.description, generation };
    const sealedSeed = await sealSeed(suites.byId(chain.suite), seed, binding);
    return { type: 'device.add', body: { device: phone.description, generation, sealedSeed, expiresAt } };
  });
  return phone;
}
