import { Secret } from '@sotto/crypto';
import { currentUserKey, type EntryBinding, openEntry, type RosterStatement, sealEntry } from '@sotto/protocol';
import {
  addDevice,
  codeOf,
  makeWorld,
  revokeDevice,
  type TestAccount,
  type TestDevice,
  type TestEntry,
  TestRoom,
  type TestWorld,
} from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';

let world: TestWorld;
let ann: TestAccount;
let ben: TestAccount;
/** Of the suite that is not post-quantum. */
let old: TestAccount;

beforeAll(async () => {
  world = await makeWorld('attacks on keys');
  ann = await world.account('ann@home.example');
  ben = await world.account('ben@home.example');
  old = await world.account('old@home.example', { suite: 'classic' });
});

describe('K15: a seal for one use delivered as one for another', () => {
  const purposes = ['sotto/seal/era-secret/v1', 'sotto/seal/message-key/v1', 'sotto/seal/key-answer/v1'] as const;
  type Purpose = (typeof purposes)[number];

  /** What Ann sealed to Ben for one purpose, opened for another. */
  async function opened(sealedFor: Purpose, openedFor: Purpose): Promise<Secret> {
    const secret = new Secret(world.primitives.randomBytes(32));
    const { fingerprint } = ben.chain;
    const place = { room: world.primitives.randomBytes(32), era: 0, sender: ann.chain.fingerprint };
    const binding: EntryBinding = { purpose: sealedFor, ...place };
    const sealed = await sealEntry(world.suites, ben.chain, { binding, secret });
    const recipient = { fingerprint, generation: currentUserKey(ben.chain).generation };
    return openEntry(ben.suite, ben.room, { binding: { purpose: openedFor, ...place }, recipient, sealed });
  }

  const pairs = purposes.flatMap((from) => purposes.map((to) => [from, to] as const));

  test.each(pairs.filter(([from, to]) => from !== to))('attack: %s as %s', async (from, to) => {
    assert.strictEqual(await codeOf(() => opened(from, to)), 'open-failed');
  });

  test.each(purposes)('control: %s as itself', async (purpose) => {
    assert.strictEqual((await opened(purpose, purpose)).length, 32);
  });
});

describe('K16: weaker suites and unknown fields', () => {
  /** A room that demands the post-quantum suite, with what was said before. */
  async function demanding(): Promise<TestRoom> {
    const room = await TestRoom.create(world, ann, { minimumSuite: ann.suite.id });
    await room.add(ann, ben);
    await room.write(ben);
    return room;
  }

  /** The entry is refused with `code` by whoever reads, and the next record counts. */
  async function refuses(room: TestRoom, code: string | null, entry: TestEntry): Promise<void> {
    const members = Object.keys(room.state.members);
    assert.strictEqual((await room.server.take(entry))?.code ?? null, code);
    if (code !== null) assert.deepEqual(Object.keys(room.state.members), members);
    await room.write(ann);
  }

  async function withField(room: TestRoom, more: object): Promise<TestEntry> {
    const draft = room.draft(ann, 'policy.set', { policy: { ...room.state.policy, guests: false }, era: null });
    return room.sealStatement(ann, { ...draft, ...more } as RosterStatement);
  }

  test('attack: a member of a weaker suite than the room demands', async () => {
    const room = await demanding();
    await refuses(room, 'suite-too-weak', await room.sealAdd(ann, old, { role: 'member' }));
  });

  test.each([0, 1, 0x7fff])('attack: a record that says it is in suite %i', async (suite) => {
    const room = await demanding();
    const header = { ...(await room.draftRecord(ben)), suite };
    await refuses(room, suite === 0 ? 'format-malformed' : 'record-invalid', await room.sealRecord(ben, header));
  });

  test('attack: a field that this version does not know', async () => {
    const room = await demanding();
    await refuses(room, 'format-malformed', await withField(room, { downgrade: true }));
  });

  test('control: the suite that is demanded, and the fields that are known', async () => {
    const room = await demanding();
    await refuses(room, null, await room.sealAdd(ann, await world.account('new@home.example'), { role: 'member' }));
    await refuses(room, null, await room.sealRecord(ben, await room.draftRecord(ben)));
    await refuses(room, null, await withField(room, {}));
  });
});

describe('Kx5: a revoked device that goes on under the chain as it once was', () => {
  /** What becomes of a record and a statement of Dan's phone, signed under the chain that admitted it. */
  async function codes(isRevoked: boolean): Promise<(string | null)[]> {
    const address = `dan-${isRevoked}@home.example`;
    const dan = await addDevice(world, await world.account(address), { name: 'phone' });
    const phone = dan.devices[1] as TestDevice;
    const room = await TestRoom.create(world, ann);
    await room.add(ann, dan);
    if (isRevoked) await room.startEra(await revokeDevice(world, dan, phone));
    const header = await room.draftRecord(dan, phone);
    const record = await room.sealRecord(dan, header, { device: phone });
    const draft = room.draft(dan, 'complaint', { era: room.state.eras.length - 1 });
    const statement = await room.sealStatement(dan, { ...draft, device: phone.id }, { device: phone });
    return [await room.server.judge(record), await room.server.judge(statement)].map((fault) => fault?.code ?? null);
  }

  test('attack: nothing of it counts after the next era', async () => {
    assert.deepEqual(await codes(true), ['record-invalid', 'roster-stale']);
  });

  test('control: as long as it is active', async () => {
    assert.deepEqual(await codes(false), [null, null]);
  });
});
