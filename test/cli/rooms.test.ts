import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { City, type Person } from './city.ts';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  city = await City.found();
  alice = await city.person('alice');
  bob = await city.person('bob');
  carol = await city.person('carol', '--vault', 'advanced', '--vault-passphrase-file', bob.passphraseFile);
  await alice.befriend(bob);
});

afterAll(() => city[Symbol.asyncDispose]());

describe('roles', () => {
  test('are listed, given and obeyed', async () => {
    await alice.json('room', 'create', 'ward');
    await alice.json('room', 'add', 'ward', bob.address, '--role', 'reader');
    assert.strictEqual((await bob.refused(7, 'message', 'send', 'ward', 'May I?')).code, 'role-insufficient');
    await dropRefused(bob, 'role-insufficient');
    assert.strictEqual((await bob.refused(7, 'room', 'rename', 'ward', 'mine')).code, 'role-insufficient');
    await alice.json('room', 'role', 'ward', bob.address, 'admin');
    await bob.json('room', 'rename', 'ward', 'Ward 3');
    await bob.json('message', 'send', 'Ward 3', 'I may.');
    assert.deepEqual(await alice.texts('Ward 3'), ['I may.']);
    assert.deepEqual(
      (await alice.lines('room', 'members', 'Ward 3')).map(({ address, role }) => [address, role]).sort(),
      [
        [alice.address, 'owner'],
        [bob.address, 'admin'],
      ],
    );
  });

  test('only contacts are added, only members are removed', async () => {
    assert.strictEqual((await alice.refused(7, 'room', 'add', 'Ward 3', carol.address)).code, 'not-contact');
    assert.strictEqual((await alice.refused(2, 'room', 'remove', 'Ward 3', carol.address)).code, 'member-unknown');
  });
});

describe('names', () => {
  test('two rooms of one name are told apart by id', async () => {
    const one = await alice.json('room', 'create', 'twin');
    const two = await alice.json('room', 'create', 'twin');
    assert.strictEqual((await alice.refused(2, 'room', 'show', 'twin')).code, 'ambiguous');
    assert.strictEqual((await alice.json('room', 'show', one.id.slice(0, 8))).id, one.id);
    await alice.json('room', 'close', one.id);
    await alice.json('room', 'close', two.id);
    assert.strictEqual((await alice.refused(7, 'message', 'send', two.id, 'Hello?')).code, 'room-closed');
  });

  test('what there is not is said', async () => {
    assert.strictEqual((await alice.refused(2, 'room', 'show', 'nowhere')).code, 'not-found');
    assert.strictEqual((await alice.refused(2, 'message', 'list', '0123456789abcdef')).code, 'not-found');
    assert.strictEqual((await alice.refused(2, 'contact', 'show', 'nobody@localhost')).code, 'not-found');
  });
});

describe('keys', () => {
  test('who is removed reads nothing from then on, who is added later nothing from before', async () => {
    const { era } = await alice.json('room', 'create', 'board', '--history', 'from-join');
    await alice.json('message', 'send', 'board', 'Before.');
    await alice.json('room', 'add', 'board', bob.address);
    await alice.json('message', 'send', 'board', 'With Bob.');
    assert.deepEqual(await bob.texts('board'), ['With Bob.']);
    const rotated = await bob.json('room', 'rotate', 'board');
    assert.isAbove(rotated.era, era);
    await alice.json('room', 'remove', 'board', bob.address);
    await alice.json('message', 'send', 'board', 'Without Bob.');
    assert.deepEqual(await bob.texts('board'), ['With Bob.']);
    assert.strictEqual((await bob.refused(7, 'message', 'send', 'board', 'Still here?')).code, 'not-a-member');
    await dropRefused(bob, 'not-a-member');
    await alice.json('room', 'add', 'board', bob.address);
    await alice.json('message', 'send', 'board', 'Back.');
    assert.deepEqual(await bob.texts('board'), ['With Bob.', 'Back.']);
  });

  test('a key for every member with every message', async () => {
    const room = await alice.json('room', 'create', 'notary', '--keying', 'per-message');
    assert.deepInclude(room, { keying: 'per-message', history: 'from-join' });
    await alice.json('room', 'add', 'notary', bob.address);
    await alice.json('message', 'send', 'notary', 'Sealed for each.');
    await bob.json('message', 'send', 'notary', 'Seen.');
    assert.deepEqual(await alice.texts('notary'), ['Sealed for each.', 'Seen.']);
    assert.deepEqual(await bob.texts('notary'), ['Sealed for each.', 'Seen.']);
  });

  test('what newcomers read can change', async () => {
    await alice.json('room', 'create', 'opening', '--history', 'from-join');
    assert.strictEqual((await alice.json('room', 'history', 'opening', 'all')).history, 'all');
    await alice.json('message', 'send', 'opening', 'For all who come.');
    await alice.json('room', 'add', 'opening', bob.address);
    assert.deepEqual(await bob.texts('opening'), ['For all who come.']);
  });
});

test('a room is marked for the own devices alone', async () => {
  await alice.json('room', 'create', 'quiet');
  await alice.json('room', 'pin', 'quiet');
  const { marks } = await alice.json('room', 'mute', 'quiet', '--hours', '8');
  assert.deepInclude(marks, { pinned: true, muted: true, archived: false });
  assert.isAbove(Date.parse(marks.mutedUntil), Date.now());
  assert.isFalse((await alice.json('room', 'pin', 'quiet', '--off')).marks.pinned);
  assert.strictEqual((await alice.refused(2, 'room', 'mute', 'quiet', '--off', '--hours', '1')).code, 'usage');
});

describe('leaving', () => {
  test('the last owner names who follows', async () => {
    await alice.json('room', 'create', 'relay');
    await alice.json('room', 'add', 'relay', bob.address);
    assert.strictEqual((await alice.refused(7, 'room', 'leave', 'relay')).code, 'successor-needed');
    await alice.json('room', 'leave', 'relay', '--successor', bob.address);
    assert.strictEqual((await bob.json('room', 'show', 'relay')).role, 'owner');
    // The one who stays makes the era that is due before the next message.
    await bob.json('message', 'send', 'relay', 'Alone now.');
    assert.deepEqual(await alice.texts('relay'), []);
  });
});

describe('contacts', () => {
  test('who is blocked is not reached, and who is removed must ask again', async () => {
    await alice.json('contact', 'add', carol.address);
    const second = ['--vault-passphrase-file', bob.passphraseFile];
    assert.strictEqual((await carol.refused(4, 'contact', 'list')).code, 'locked');
    await carol.json('contact', 'accept', alice.address, ...second);
    assert.strictEqual((await alice.json('contact', 'block', carol.address)).state, 'blocked');
    assert.strictEqual((await alice.refused(7, 'message', 'send', carol.address, 'Hello')).code, 'not-contact');
    assert.strictEqual((await alice.json('contact', 'unblock', carol.address)).state, 'requested');
    await alice.json('contact', 'remove', bob.address);
    assert.strictEqual((await alice.refused(2, 'contact', 'show', bob.address)).code, 'not-found');
  });
});

/** What a room refused stays in the outbox, marked, until its author takes it back. */
async function dropRefused(person: Person, code: string): Promise<void> {
  const [refused, ...more] = await person.lines('outbox', 'list');
  assert.lengthOf(more, 0);
  assert.strictEqual(refused.code, code);
  await person.json('outbox', 'drop', refused.id);
}
