import { Secret, sha256 } from '@sotto/crypto';
import {
  type Chain,
  chainExtent,
  type DeviceName,
  profileKeyId,
  sealProfile,
  sealProfileKey,
  sealSeed,
  signProfile,
} from '@sotto/protocol';
import { type City, codeOf, makeDevice, type Person, startCity } from '@sotto/testing';
import { afterAll, afterEach, assert, beforeAll, describe, test } from 'vitest';
import { appendToOwnChain } from '../devices/own-chain.ts';
import { insideOf } from '../forge.fixture.ts';
import { writeInbox } from '../inbox.ts';
import { KeyBox } from '../keybox.ts';
import { project } from '../projection/project.ts';
import { updated } from '../talk.fixture.ts';
import { newestUserKey } from '../user-keys.ts';
import { keyIdOf } from './audience.ts';
import { type OwnProfile, readOwn } from './own.ts';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;
let room: string;

const PNG = Uint8Array.of(
  0x89,
  0x50,
  0x4e,
  0x47,
  0x0d,
  0x0a,
  0x1a,
  0x0a,
  0,
  0x49,
  0x45,
  0x4e,
  0x44,
  0xae,
  0x42,
  0x60,
  0x82,
);

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  carol = await city.join('carol');
  await city.befriend(alice, bob);
  await city.befriend(bob, carol);
  ({ id: room } = await bob.box.createRoom({ name: 'Shared', type: 'chat', history: 'all', keying: 'era' }));
  await bob.box.addMember(room, alice.address, 'member');
  await bob.box.addMember(room, carol.address, 'member');
  await updated(alice, bob, carol);
});

afterEach(() => {
  for (const { link } of [alice, bob, carol]) link.repent();
});
afterAll(() => city[Symbol.asyncDispose]());

const keyId = async (person: Person): Promise<Uint8Array> => {
  const own = await readOwn(person.session.contacts);
  if (own === null) throw new Error('no profile');
  return keyIdOf(own);
};
const nameOf = async (by: Person, whom: Person): Promise<string> => (await by.box.profile.show(whom.address)).name;

test('contacts and members of a common room read it beside the address, the server does not', async () => {
  await alice.box.profile.set({ name: 'Ann Example', title: 'Surgeon', phone: '+49 30 1', picture: PNG });
  for (const reader of [bob, carol]) {
    assert.deepEqual(await reader.box.profile.show(alice.address), {
      address: alice.address,
      name: 'Ann Example',
      title: 'Surgeon',
      phone: '+49 30 1',
      picture: PNG,
    });
  }
  assert.strictEqual((await bob.box.showContact(alice.address)).name, 'Ann Example');
  const sent = alice.link.asked.findLast(({ name }) => name === 'profiles.set')?.input as { sealed: Uint8Array };
  assert.notInclude(new TextDecoder('latin1').decode(sent.sealed), 'Ann');
  await alice.box.profile.set({ title: '' });
  assert.strictEqual((await bob.box.profile.show(alice.address)).title, '');
  assert.strictEqual(await nameOf(bob, alice), 'Ann Example');
});

test('a stranger gets nothing', async () => {
  const mallory = await city.join('mallory');
  assert.strictEqual(await codeOf(() => mallory.box.profile.show(alice.address)), 'not-found');
  const { fingerprint: account } = alice.session.identity;
  assert.strictEqual(await codeOf(() => mallory.session.link.call('profiles.read', { account })), 'not-found');
});

test('a name for one room is shown there and nowhere else', async () => {
  await alice.box.profile.setInRoom(room, 'Dr. Ann');
  await updated(alice, bob);
  const called = async (): Promise<string | null | undefined> =>
    (await bob.box.roomMembers(room)).find(({ address }) => address === alice.address)?.name;
  assert.strictEqual(await called(), 'Dr. Ann');
  assert.strictEqual((await bob.box.showContact(alice.address)).name, 'Ann Example');
  await alice.box.profile.setInRoom(room, null);
  await updated(alice, bob);
  assert.strictEqual(await called(), 'Ann Example');
});

test.each([
  ['a line break', { name: 'a\nb' }],
  ['a bidi override', { name: 'a\u202eb' }],
  ['an invisible character', { name: 'a\u200bb' }],
  ['what poses as an address', { name: 'bob@example.org' }],
  ['a leading space', { title: ' x' }],
  ['half a character', { phone: '\ud800' }],
  ['a long name', { name: 'x'.repeat(65) }],
  ['no picture', { picture: new TextEncoder().encode('<svg onload=alert(1)>') }],
  ['a picture too large', { picture: new Uint8Array(65_537) }],
])('%s is refused', async (_, change) => {
  assert.strictEqual(await codeOf(() => alice.box.profile.set(change)), 'profile-malformed');
});

test('without a network it is kept, and published later', async () => {
  alice.link.offline = true;
  await alice.box.profile.set({ name: 'Ann Later' });
  alice.link.offline = false;
  assert.strictEqual(await nameOf(bob, alice), 'Ann Example');
  await updated(alice);
  assert.strictEqual(await nameOf(bob, alice), 'Ann Later');
});

test('a lost answer, too, ends with the profile published', async () => {
  alice.link.loseAnswers('profiles.set');
  await alice.box.profile.set({ name: 'Ann Again' });
  await updated(alice);
  await updated(alice);
  assert.strictEqual(await nameOf(bob, alice), 'Ann Again');
});

test('who is blocked or removed gets neither the new key nor what comes later', async () => {
  const dave = await city.join('dave');
  await city.befriend(alice, dave);
  await updated(alice);
  assert.strictEqual(await nameOf(dave, alice), 'Ann Again');
  const before = await keyId(alice);
  await alice.box.blockContact(dave.address);
  assert.notDeepEqual(await keyId(alice), before);
  await alice.box.profile.set({ name: 'Ann Secret' });
  assert.strictEqual(await nameOf(dave, alice).catch(() => 'nothing'), 'Ann Again');
  const given = alice.link.asked.filter(({ name }) => name === 'profiles.give');
  const last = given.at(-1)?.input as { keys: readonly { reader: Uint8Array }[] };
  assert.isFalse(last.keys.some(({ reader }) => Buffer.from(reader).equals(dave.session.identity.fingerprint)));
  assert.strictEqual(await nameOf(bob, alice), 'Ann Secret');
});

test('a member who was removed from the one common room reads nothing new', async () => {
  const before = await keyId(alice);
  await bob.box.removeMember(room, carol.address);
  await updated(alice);
  assert.notDeepEqual(await keyId(alice), before);
  await alice.box.profile.set({ name: 'Ann Without Carol' });
  assert.strictEqual(await nameOf(bob, alice), 'Ann Without Carol');
  assert.strictEqual(await nameOf(carol, alice), 'Ann Example');
  const { fingerprint: account } = alice.session.identity;
  const { profile } = await carol.session.link.call('profiles.read', { account });
  assert.isNull(profile?.key);
});

describe('Cx4: a profile of before put back', () => {
  /** What Bob is told of Alice's name after she changed it twice and the server shows one of both. */
  async function named(shows: 'older' | 'newer'): Promise<string | null> {
    const account = alice.session.identity.fingerprint;
    await alice.box.profile.set({ name: 'Ann Older' });
    const older = await bob.session.link.call('profiles.read', { account });
    await alice.box.profile.set({ name: 'Ann Changed' });
    assert.strictEqual(await nameOf(bob, alice), 'Ann Changed');
    if (shows === 'older') bob.link.lie('profiles.read', () => older);
    return codeOf(() => nameOf(bob, alice));
  }

  test('attack: an older version than was seen', async () => {
    assert.strictEqual(await named('older'), 'profile-invalid');
    bob.link.repent();
    assert.strictEqual(await nameOf(bob, alice), 'Ann Changed');
  });

  test('control: the newest', async () => {
    assert.isNull(await named('newer'));
  });
});

test('what the server forges or swaps is refused, and what was known stays', async () => {
  const { fingerprint: account } = alice.session.identity;
  await alice.box.profile.set({ name: 'Ann Newer' });
  assert.strictEqual(await nameOf(bob, alice), 'Ann Newer');
  bob.link.lie('profiles.read', async (honest) => {
    const { profile } = await honest();
    if (profile === null) return { profile };
    return { profile: { ...profile, sealed: profile.sealed.map((byte, i) => (i === 9 ? byte ^ 1 : byte)) } };
  });
  assert.strictEqual(await codeOf(() => nameOf(bob, alice)), 'profile-invalid');
  bob.link.lie('profiles.read', async (honest) => {
    const { profile } = await honest();
    if (profile === null) return { profile };
    const signatures = profile.envelope.signatures.map((each) => each.map((byte) => byte ^ 1));
    return { profile: { ...profile, envelope: { ...profile.envelope, signatures } } };
  });
  assert.strictEqual(await codeOf(() => nameOf(bob, alice)), 'bad-signature');
  const chain = await insideOf(alice).chains.known(bob.session.identity.fingerprint);
  using key = new Secret(new Uint8Array(32));
  const forged = chain === null ? null : await sealProfileKey(bob.session.suites, chain, { account, key });
  bob.link.lie('profiles.read', async (honest) => {
    const { profile } = await honest();
    return profile === null || forged === null
      ? { profile }
      : { profile: { ...profile, key: { generation: 0, sealed: forged } } };
  });
  assert.strictEqual(await codeOf(() => nameOf(bob, alice)), 'open-failed');
  bob.link.lie('profiles.read', () => ({ profile: null }));
  assert.strictEqual(await nameOf(bob, alice), 'Ann Newer');
});

test('the other devices of the account know it from the account room, the newest version whatever comes last', async () => {
  const { session } = await alice.copyVault();
  const { fingerprint: author, accountRoom } = session.identity;
  const box = new KeyBox(session);
  const tell = async (version: number, name: string): Promise<void> => {
    const content = { version, key: new Uint8Array(32), content: { name, title: '', phone: '', picture: null } };
    const body = { id: new Uint8Array(16).fill(version), at: 0, kind: 'own-profile', content } as const;
    const item = {
      n: null,
      author,
      device: author,
      drops: [],
      role: 'owner',
      class: 'quiet',
      body,
      code: null,
    } as const;
    await session.keys.apply([writeInbox(accountRoom, { ...item, floor: null, isNews: true })]);
    await project(session);
  };
  await tell(90, 'From another device');
  assert.strictEqual((await box.profile.own()).name, 'From another device');
  await tell(89, 'An older one');
  assert.strictEqual((await box.profile.own()).name, 'From another device');
});

test('who had a device revoked is given a new key, and that device reads and signs nothing that comes after', async () => {
  const erin = await city.join('erin');
  await city.befriend(alice, erin);
  await erin.box.profile.set({ name: 'Erin' });
  await updated(alice, erin);
  assert.strictEqual(await nameOf(alice, erin), 'Erin');
  const keys = [await keyId(alice), await keyId(erin)];
  const phone = await makeDevice(erin.session.identity.suite, { name: 'phone' as DeviceName, kind: 'keybox' });
  const reader = insideOf(erin);
  const { identity, suites, primitives } = erin.session;
  await appendToOwnChain(reader, async (chain) => {
    const { generation, seed } = newestUserKey(identity);
    const binding = { account: chain.fingerprint, device: phone.description, generation };
    const sealedSeed = await sealSeed(suites.byId(chain.suite), seed, binding);
    return { type: 'device.add', body: { device: phone.description, generation, sealedSeed, expiresAt: null } };
  });
  const chain = (await reader.chains.known(identity.fingerprint)) as Chain;
  await erin.box.devices.revoke('phone');
  await updated(erin, alice);
  // Alice asks for profiles once an hour, and Erin's names the new chain.
  city.clock.skip(3_700_000);
  await updated(alice, alice, erin);
  const after = [await keyId(alice), await keyId(erin)];
  assert.notDeepEqual(after[0], keys[0]);
  assert.notDeepEqual(after[1], keys[1]);
  assert.strictEqual(await nameOf(alice, erin), 'Erin');
  assert.strictEqual(await nameOf(erin, alice), await nameOf(bob, alice));

  // The phone knows the old key, and the server helps it.
  const own = (await readOwn(erin.session.contacts)) as OwnProfile;
  using key = new Secret(new Uint8Array(32).fill(5));
  const salt = primitives.randomBytes(32);
  const account = identity.fingerprint;
  const content = { name: 'Erin Not', title: '', phone: '', picture: null };
  const sealed = await sealProfile(primitives, key, { account, salt, content });
  const frame = { v: 1, suite: identity.suite.id, account, device: phone.id, chain: chainExtent(chain) } as const;
  const version = own.version + 100;
  const statement = { ...frame, version, keyId: profileKeyId(key), salt, sealed: sha256(sealed), at: city.clock.now() };
  const envelope = await signProfile(identity.suite, statement, phone.signing);
  const readerChain = (await reader.chains.known(alice.session.identity.fingerprint)) as Chain;
  const given = await sealProfileKey(suites, readerChain, { account, key });
  alice.link.lie('profiles.read', () => ({ profile: { envelope, sealed, key: { generation: 0, sealed: given } } }));
  assert.strictEqual(await codeOf(() => nameOf(alice, erin)), 'device-unendorsed');
  alice.link.repent();
  assert.strictEqual(await nameOf(alice, erin), 'Erin');
});
