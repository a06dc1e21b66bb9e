import { parseHex } from '@sotto/bytes';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  city = await startCity();
  [alice, bob, carol] = [await city.join('alice'), await city.join('bob', { roaming: true }), await city.join('carol')];
  await city.befriend(alice, bob);
});

afterAll(() => city[Symbol.asyncDispose]());

const verified = async (): Promise<boolean> => (await alice.box.showContact(bob.address)).verified;

describe('a comparison', () => {
  test('shows both sides the same', async () => {
    const [hers, his] = [await alice.box.people.compare(bob.address), await bob.box.people.compare(alice.address)];
    assert.deepEqual(hers.own, his.theirs);
    assert.deepEqual(hers.theirs, his.own);
    assert.strictEqual(hers.digits, his.digits);
    assert.notStrictEqual(hers.first, his.first);
    assert.lengthOf(hers.theirs.pictures, 16);
  });

  test('is not to be had of strangers, nor before somebody accepted', async () => {
    assert.strictEqual(await codeOf(() => alice.box.people.compare(carol.address)), 'not-found');
    await alice.box.addContact(carol.address);
    assert.strictEqual(await codeOf(() => alice.box.people.compare(carol.address)), 'unverified');
  });

  test('by the code on the other screen verifies', async () => {
    const { code } = await bob.box.people.compare(alice.address);
    await alice.box.people.scan(bob.address, `${code}\n`);
    assert.isTrue(await verified());
    await alice.box.people.unverify(bob.address);
    assert.isFalse(await verified());
  });

  test('takes no code but the one that is for this pair', async () => {
    const { code } = await alice.box.people.compare(bob.address);
    assert.strictEqual(await codeOf(() => alice.box.people.scan(bob.address, code)), 'comparison-other');
    assert.strictEqual(await codeOf(() => alice.box.people.scan(bob.address, 'hello')), 'comparison-malformed');
    assert.isFalse(await verified());
  });

  test.each(['own', 'theirs'] as const)('tells when %s keys are others there, and verifies nothing', async (side) => {
    const { own, theirs, code } = await bob.box.people.compare(alice.address);
    const { fingerprint } = side === 'own' ? own : theirs;
    const forged = code.replace(
      fingerprint,
      fingerprint.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    );
    assert.strictEqual(await codeOf(() => alice.box.people.scan(bob.address, forged)), 'identity-conflict');
    assert.isFalse(await verified());
    const told = (await alice.box.keyLog()).at(-1);
    assert.deepInclude(told, { kind: 'verification', code: 'identity-conflict' });
  });

  test('that did not match takes a verification back and is kept in the key log', async () => {
    const { theirs } = await alice.box.people.compare(bob.address);
    await alice.box.verifyContact(bob.address, parseHex(theirs.fingerprint));
    await alice.box.people.mismatch(bob.address);
    assert.isFalse(await verified());
    assert.deepInclude((await alice.box.keyLog()).at(-1), { kind: 'verification', code: 'identity-conflict' });
  });
});

test('what became of somebody’s keys is told from their chain', async () => {
  const phone = await city.signIn(bob, 'phone');
  await phone.box.sync();
  await bob.box.sync();
  await bob.box.devices.revoke('phone' as never);
  await alice.box.sync();
  const changes = await alice.box.people.history(bob.address);
  const told = changes.map(({ kind, device }) => [kind, device?.name ?? null]);
  assert.deepEqual(told.at(-1), ['account-made', 'laptop']);
  assert.deepInclude(told, ['device-added', 'phone']);
  assert.isTrue(changes.every(({ at }, i) => i === 0 || at <= (changes[i - 1]?.at ?? 0)));
});

test('members show from when on they may read', async () => {
  const made = { name: 'Night shift', type: 'chat', history: 'from-join', keying: 'era' } as const;
  const { id } = await alice.box.createRoom(made);
  await alice.box.addMember(id, bob.address, 'member');
  const members = new Map((await alice.box.roomMembers(id)).map(({ address, readsFrom }) => [address, readsFrom]));
  assert.isNull(members.get(alice.address));
  assert.isAbove(members.get(bob.address) ?? 0, 0);
});
