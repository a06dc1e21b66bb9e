import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import {
  addDevice,
  codeOf,
  firstDevice,
  identity,
  makeWorld,
  Replica,
  type RoomOptions,
  setBundle,
  type TestAccount,
  TestRoom,
  type TestWorld,
} from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';
import { logHash } from './log.ts';
import { refusalOf } from './refusal.ts';
import { memberOf } from './room-state.ts';
import { type RosterFrame, type RosterStatement, roomTypes, rosterStatement } from './roster.ts';

let world: TestWorld;
let ann: TestAccount;
let ben: TestAccount;
let cat: TestAccount;

beforeAll(async () => {
  world = await makeWorld('room-statement');
  [ann, ben, cat] = await people('ann', 'ben', 'cat');
});

describe('create', () => {
  test.each(roomTypes)('opens a %s room with its author as sole owner', async (type) => {
    const room = await TestRoom.create(world, ann, { type });
    const { state } = room;
    assert.deepEqual(Object.keys(state.members), [hex(ann.chain.fingerprint)]);
    assert.strictEqual(memberOf(state, ann.chain.fingerprint)?.role, 'owner');
    assert.strictEqual(state.type, type);
    assert.strictEqual(state.length, 2);
    assert.isFalse(state.rekeyDue);
    assert.strictEqual(state.eras[0]?.valid, true);
  });

  const forged: readonly [string, (draft: Create) => RosterStatement, string | null][] = [
    ['unchanged', (s) => s, null],
    ['in a room', (s) => ({ ...s, room: new Uint8Array(32) }), 'roster-invalid'],
    ['after a statement', (s) => ({ ...s, prevStatement: new Uint8Array(32) }), 'roster-invalid'],
    ['after an entry', (s) => ({ ...s, logHead: { length: 1, hash: new Uint8Array(32) } }), 'roster-invalid'],
    ['for another owner', (s) => ({ ...s, body: { ...s.body, owner: identity(ben) } }), 'roster-invalid'],
    [
      'under another address',
      (s) => ({ ...s, body: { ...s.body, owner: { ...s.body.owner, address: ben.address } } }),
      'roster-invalid',
    ],
    [
      'with another chain',
      (s) => ({ ...s, body: { ...s.body, owner: { ...s.body.owner, head: new Uint8Array(32) } } }),
      'roster-invalid',
    ],
    ['with a chain from the future', (s) => ({ ...s, chain: { ...s.chain, length: 9 } }), 'pending-chain'],
    [
      'with a chain of another past',
      (s) => ({ ...s, chain: { ...s.chain, hash: new Uint8Array(32) } }),
      'identity-conflict',
    ],
    ['by a device of somebody else', (s) => ({ ...s, device: firstDevice(ben).id }), 'device-unendorsed'],
    ['by an unknown account', (s) => ({ ...s, author: new Uint8Array(32) }), 'pending-chain'],
    ['in another suite', (s) => ({ ...s, suite: 1 }), 'roster-invalid'],
    ['with a minimum above its author', (s) => ({ ...s, body: { ...s.body, minimumSuite: 0x8001 } }), 'suite-too-weak'],
    ['per message with history', (s) => ({ ...s, body: { ...s.body, keying: 'per-message' } }), 'roster-invalid'],
    ['that is an era', (s) => ({ ...s, type: 'close', body: {} }), 'roster-invalid'],
  ];
  test.each(forged)('%s', async (_name, forge, code) => {
    const room = await TestRoom.create(world, ann);
    const entry = await room.sealStatement(ann, forge(room.draftCreate(ann)));
    assert.strictEqual((await new Replica(world).judge(entry))?.code ?? null, code);
  });

  test('era 0 comes before anything else', async () => {
    const room = await TestRoom.open(world, ann);
    for (const type of ['close', 'leave'] as const) {
      const draft = type === 'close' ? room.draft(ann, type, {}) : room.draft(ann, type, { successor: null });
      assert.strictEqual(await codeOf(async () => room.append(await room.sealStatement(ann, draft))), 'roster-invalid');
    }
    assert.strictEqual(await codeOf(() => room.startEra(ann)), null);
  });

  test('an account room is made while the chain is the genesis alone', async () => {
    const [dan] = await people('dan');
    assert.strictEqual(await codeOf(() => TestRoom.create(world, dan, { type: 'account' })), null);
    const grown = await setBundle(world, dan, { version: 1, hash: new Uint8Array(32) });
    assert.strictEqual(await codeOf(() => TestRoom.create(world, grown, { type: 'account' })), 'roster-invalid');
  });
});

describe('the frame of a statement', () => {
  const forged: readonly [string, (frame: RosterFrame) => Partial<RosterFrame>, string | null][] = [
    ['unchanged', () => ({}), null],
    ['of another room', () => ({ room: new Uint8Array(32) }), 'wrong-room'],
    ['of no room', () => ({ room: null }), 'wrong-room'],
    ['after another statement', () => ({ prevStatement: new Uint8Array(32) }), 'roster-stale'],
    ['after no statement', () => ({ prevStatement: null }), 'roster-stale'],
    ['without a log head', () => ({ logHead: null }), 'roster-invalid'],
    [
      'with a log head from the future',
      (f) => ({ logHead: { length: (f.logHead?.length ?? 0) + 1, hash: new Uint8Array(32) } }),
      'roster-invalid',
    ],
    [
      'that saw another newest entry',
      (f) => ({ logHead: { length: f.logHead?.length ?? 0, hash: new Uint8Array(32) } }),
      'room-forked',
    ],
    ['that saw another past', () => ({ logHead: { length: 1, hash: new Uint8Array(32) } }), 'room-forked'],
    ['by somebody outside', () => ({ author: cat.chain.fingerprint }), 'not-a-member'],
    ['by a member whose device it is not', () => ({ author: ben.chain.fingerprint }), 'identity-conflict'],
    ['by a device of somebody else', () => ({ device: firstDevice(ben).id }), 'device-unendorsed'],
    ['in a weaker suite', () => ({ suite: 1 }), 'roster-invalid'],
    ['with a chain that is not known yet', (f) => ({ chain: { ...f.chain, length: 7 } }), 'pending-chain'],
  ];
  test.each(forged)('%s', async (_name, forge, code) => {
    const room = await TestRoom.create(world, ann);
    await room.add(ann, ben);
    const draft = room.draft(ann, 'complaint', { era: 0 });
    const before = room.state;
    const fault = await room.server.judge(await room.sealStatement(ann, { ...draft, ...forge(draft) }));
    assert.strictEqual(fault?.code ?? null, code);
    if (fault !== null) assert.strictEqual(room.state, before);
  });

  test('an older log head passes: records may lie between', async () => {
    const room = await TestRoom.create(world, ann);
    const draft = room.draft(ann, 'complaint', { era: 0 });
    await room.write(ann);
    assert.strictEqual(await codeOf(async () => room.append(await room.sealStatement(ann, draft))), null);
  });

  test('of two statements after the same one the first counts and the other is stale', async () => {
    const room = await TestRoom.create(world, ann);
    const [first, second] = [
      await room.sealAdd(ann, ben, { role: 'member' }),
      await room.sealAdd(ann, cat, { role: 'member' }),
    ];
    await room.append(first);
    assert.strictEqual(await codeOf(() => room.append(second)), 'roster-stale');
    assert.strictEqual(await codeOf(() => room.add(ann, cat)), null);
  });

  test('a complaint: once of the era in force, and again of the next', async () => {
    const room = await TestRoom.create(world, ann);
    await room.add(ann, ben);
    await room.declare(ben, 'complaint', { era: 0 });
    await room.declare(ann, 'complaint', { era: 0 });
    const again = await room.sealStatement(ben, room.draft(ben, 'complaint', { era: 0 }));
    assert.strictEqual(await codeOf(() => room.append(again)), 'roster-invalid');
    await room.startEra(ann);
    const older = await room.sealStatement(ben, room.draft(ben, 'complaint', { era: 0 }));
    assert.strictEqual(await codeOf(() => room.append(older)), 'roster-invalid');
    await room.declare(ben, 'complaint', { era: 1 });
    assert.deepEqual(room.state.complaints, [hex(ben.chain.fingerprint)]);
  });

  test('a refused statement takes a position and nothing else', async () => {
    const room = await TestRoom.create(world, ann);
    const before = room.state;
    const entry = await room.sealStatement(ann, room.draft(ann, 'complaint', { era: 9 }));
    const fault = await room.server.take(entry);
    assert.strictEqual(fault?.code, 'roster-invalid');
    const hash = logHash(before.hash, before.length, sha256(entry.envelope.signed));
    assert.deepEqual(room.state, { ...before, length: before.length + 1, hash });
    assert.strictEqual(await codeOf(() => room.add(ann, ben)), null);
  });

  test('one bit of the signature, a signature too many, the tag of a record', async () => {
    const room = await TestRoom.create(world, ann);
    const entry = await room.sealStatement(ann, room.draft(ann, 'complaint', { era: 0 }));
    const [signature] = entry.envelope.signatures as [Uint8Array];
    const judge = async (signatures: readonly Uint8Array[]) =>
      (await room.server.judge({ ...entry, envelope: { ...entry.envelope, signatures } }))?.code ?? null;
    assert.strictEqual(await judge([signature.map((byte, i) => (i === 99 ? byte ^ 1 : byte))]), 'bad-signature');
    assert.strictEqual(await judge([signature, signature]), 'roster-invalid');
    const tagged = await ann.suite.signature.sign(
      firstDevice(ann).signing,
      'sotto/statement/v1',
      entry.envelope.signed,
    );
    assert.strictEqual(await judge([tagged]), 'bad-signature');
    assert.strictEqual(await judge([signature]), null);
  });

  test('a chain older than the room knows signs nothing: a revoked device would act for ever', async () => {
    const [dan] = await people('dan');
    const room = await TestRoom.create(world, dan);
    const grown = await addDevice(world, dan, { name: 'phone' });
    await room.write(grown);
    const older = await room.sealStatement(dan, room.draft(dan, 'complaint', { era: 0 }));
    assert.strictEqual((await room.server.judge(older))?.code, 'roster-stale');
    const current = await room.sealStatement(grown, room.draft(grown, 'complaint', { era: 0 }));
    assert.strictEqual(await room.server.judge(current), null);
  });

  test('a roaming device signs none', async () => {
    const [dan] = await people('dan');
    const grown = await addDevice(world, dan, { name: 'roaming', kind: 'roaming' });
    const roaming = grown.devices[1] as TestAccount['devices'][0];
    const room = await TestRoom.create(world, grown);
    const draft = { ...room.draft(grown, 'complaint', { era: 0 }), device: roaming.id };
    assert.strictEqual(
      (await room.server.judge(await room.sealStatement(grown, draft, { device: roaming })))?.code,
      'device-unendorsed',
    );
  });
});

describe('member.add', () => {
  test('with a row where history is `all`, with an era where it is not', async () => {
    const open = await TestRoom.create(world, ann);
    await open.add(ann, ben);
    assert.strictEqual(open.state.eras.length, 1);
    assert.strictEqual(open.state.eras[0]?.rows.length, 2);
    const closed = await TestRoom.create(world, ann, fromJoin);
    await closed.add(ann, ben);
    assert.strictEqual(closed.state.eras.length, 2);
    assert.strictEqual(closed.state.eras[1]?.link, null);
  });

  test('without an era is refused where history is `from-join`', async () => {
    const room = await TestRoom.create(world, ann, fromJoin);
    const entry = await room.sealAdd(ann, ben, { role: 'member', newEra: false });
    assert.strictEqual((await room.server.judge(entry))?.code, 'roster-invalid');
  });

  test('names who is there, at the chain that we know', async () => {
    const room = await TestRoom.create(world, ann);
    const code = async (member: Partial<ReturnType<typeof identity>>) => {
      const honest = await room.sealAdd(ann, ben, { role: 'member' });
      const draft = rosterStatement.parse(honest.envelope.signed) as RosterStatement & { type: 'member.add' };
      const body = { ...draft.body, member: { ...draft.body.member, ...member } };
      return (await room.server.judge(await room.sealStatement(ann, { ...draft, body })))?.code ?? null;
    };
    assert.strictEqual(await code({ address: cat.address }), 'roster-invalid');
    assert.strictEqual(await code({ head: new Uint8Array(32) }), 'identity-conflict');
    assert.strictEqual(await code({ length: 5 }), 'pending-chain');
    assert.strictEqual(await code({ fingerprint: new Uint8Array(32) }), 'pending-chain');
    assert.strictEqual(await code({}), null);
  });

  test('refuses a member, another identity of its address, and one too many', async () => {
    const room = await TestRoom.create(world, ann, { policy: { maxMembers: 2 } });
    await room.add(ann, ben);
    assert.strictEqual(await codeOf(() => room.add(ann, ben)), 'member-exists');
    const [secondBen] = await people('ben');
    assert.strictEqual(await codeOf(() => room.add(ann, secondBen)), 'member-exists');
    assert.strictEqual(await codeOf(() => room.add(ann, cat)), 'member-limit');
  });

  test('a row binds the newcomer, its chain and its user key', async () => {
    const room = await TestRoom.create(world, ann);
    const code = async (change: (body: Add['body']) => Partial<Add['body']>) => {
      const honest = await room.sealAdd(ann, ben, { role: 'member' });
      const draft = rosterStatement.parse(honest.envelope.signed) as Add;
      const body = { ...draft.body, ...change(draft.body) };
      return (await room.server.judge(await room.sealStatement(ann, { ...draft, body })))?.code ?? null;
    };
    const row = (change: object) =>
      code((body) => ({ row: { ...(body.row as object), ...change } as Add['body']['row'] }));
    assert.strictEqual(await row({ fingerprint: cat.chain.fingerprint }), 'roster-invalid');
    assert.strictEqual(await row({ head: new Uint8Array(32) }), 'roster-invalid');
    assert.strictEqual(await row({ length: 2 }), 'roster-invalid');
    assert.strictEqual(await row({ generation: 1 }), 'roster-invalid');
    assert.strictEqual(await code(() => ({ row: null })), 'roster-invalid');
    const { era } = await room.makeEra(ann, { members: [ann, ben] });
    assert.strictEqual(await code(() => ({ era })), 'roster-invalid');
    assert.strictEqual(await row({}), null);
  });

  test('an era that it contains decides by its own rules, and may start one where history is `all`', async () => {
    const room = await TestRoom.create(world, ann);
    await room.append(await room.sealAdd(ann, ben, { role: 'member', newEra: true }));
    assert.strictEqual(room.state.eras.length, 2);
    assert.isNotNull(room.state.eras[1]?.link);
  });

  test('a new era comes before a new member while one is due', async () => {
    const room = await TestRoom.create(world, ann);
    await room.add(ann, ben);
    await room.declare(ben, 'leave', { successor: null });
    assert.isTrue(room.state.rekeyDue);
    assert.strictEqual(await codeOf(() => room.add(ann, cat)), 'rekey-due');
    await room.startEra(ann);
    assert.strictEqual(await codeOf(() => room.add(ann, cat)), null);
  });
});

describe('suites', () => {
  test('a minimum keeps weaker members out, and post-quantum rooms every suite that is not', async () => {
    const classic = await world.account('classic@example.org', { suite: 'classic' });
    const foreign = await world.account('foreign@example.org', { suite: 'p384' });
    const cases: readonly [number, TestAccount, TestAccount, string | null][] = [
      [1, ann, classic, null],
      [1, ann, foreign, null],
      [1, classic, ann, null],
      [2, ann, ben, null],
      [2, ann, classic, 'suite-too-weak'],
      [2, ann, foreign, 'suite-too-weak'],
      [0x8001, foreign, ann, 'suite-too-weak'],
      [0x8001, foreign, classic, 'suite-too-weak'],
    ];
    for (const [minimumSuite, owner, member, code] of cases) {
      const room = await TestRoom.create(world, owner, { minimumSuite });
      assert.strictEqual(await codeOf(() => room.add(owner, member)), code, `${minimumSuite} ${member.suite.name}`);
    }
    for (const owner of [classic, foreign]) {
      assert.strictEqual(await codeOf(() => TestRoom.create(world, owner, { minimumSuite: 2 })), 'suite-too-weak');
    }
  });
});

describe('direct rooms', () => {
  test('take the peer, as owner, and nothing else', async () => {
    const room = await TestRoom.create(world, ann, { type: 'direct' });
    const member = await room.sealAdd(ann, ben, { role: 'member' });
    assert.strictEqual((await room.server.judge(member))?.code, 'roster-invalid');
    await room.add(ann, ben);
    assert.strictEqual(await codeOf(() => room.add(ben, cat)), 'roster-invalid');
    assert.strictEqual(await codeOf(() => room.remove(ann, ben)), 'role-insufficient');
    const role = { fingerprint: ben.chain.fingerprint, role: 'reader' } as const;
    assert.strictEqual(await codeOf(() => room.declare(ann, 'role.set', role)), 'role-insufficient');
    const policy = { policy: { ...room.state.policy, maxMembers: 50 }, era: null };
    assert.strictEqual(await codeOf(() => room.declare(ann, 'policy.set', policy)), 'role-insufficient');
    assert.strictEqual(await codeOf(() => room.startEra(ben)), null);
  });

  test('whoever left stays out', async () => {
    const room = await TestRoom.create(world, ann, { type: 'direct' });
    await room.add(ann, ben);
    await room.declare(ben, 'leave', { successor: null });
    await room.startEra(ann);
    assert.strictEqual(await codeOf(() => room.add(ann, ben)), 'roster-invalid');
    assert.strictEqual(await codeOf(() => room.add(ann, cat)), 'roster-invalid');
  });
});

test('an account room has one member and is as long as the account', async () => {
  const [dan] = await people('dan');
  const room = await TestRoom.create(world, dan, { type: 'account' });
  assert.strictEqual(await codeOf(() => room.add(dan, ben, 'owner')), 'roster-invalid');
  assert.strictEqual(await codeOf(() => room.declare(dan, 'leave', { successor: null })), 'roster-invalid');
  assert.strictEqual(await codeOf(() => room.declare(dan, 'close', {})), 'roster-invalid');
  assert.strictEqual(await codeOf(() => room.startEra(dan)), null);
});

describe('leave', () => {
  test('the last owner names a successor among the members', async () => {
    const room = await TestRoom.create(world, ann);
    await room.add(ann, ben);
    const leave = (successor: TestAccount | null) =>
      codeOf(() => room.declare(ann, 'leave', { successor: successor?.chain.fingerprint ?? null }));
    assert.strictEqual(await leave(null), 'successor-needed');
    assert.strictEqual(await leave(cat), 'roster-invalid');
    assert.strictEqual(await leave(ann), 'roster-invalid');
    assert.strictEqual(await leave(ben), null);
    assert.strictEqual(memberOf(room.state, ben.chain.fingerprint)?.role, 'owner');
    assert.strictEqual(memberOf(room.state, ann.chain.fingerprint), null);
    assert.isTrue(room.state.rekeyDue);
  });

  test('nobody but an owner names one, and the only member needs none', async () => {
    const room = await TestRoom.create(world, ann);
    await room.add(ann, ben);
    await room.add(ann, cat);
    const usurper = { successor: cat.chain.fingerprint };
    assert.strictEqual(await codeOf(() => room.declare(ben, 'leave', usurper)), 'roster-invalid');
    await room.declare(ben, 'leave', { successor: null });
    await room.declare(cat, 'leave', { successor: null });
    assert.strictEqual(await codeOf(() => room.declare(ann, 'leave', { successor: null })), null);
    assert.deepEqual(room.state.members, {});
    assert.strictEqual(await codeOf(() => room.startEra(ann)), 'not-a-member');
  });
});

describe('policy.set', () => {
  test('a change of visibility starts an era, no other change does', async () => {
    const room = await TestRoom.create(world, ann);
    const policy = { ...room.state.policy, history: 'from-join' } as const;
    assert.strictEqual(await codeOf(() => room.declare(ann, 'policy.set', { policy, era: null })), 'roster-invalid');
    const era = await room.makeEra(ann);
    await room.append(await room.sealStatement(ann, room.draft(ann, 'policy.set', { policy, era: era.era }), { era }));
    assert.deepEqual(
      room.state.eras.map(({ history }) => history),
      ['all', 'from-join'],
    );
    const smaller = { ...policy, maxMembers: 3 };
    assert.strictEqual(await codeOf(() => room.declare(ann, 'policy.set', { policy: smaller, era: null })), null);
    assert.strictEqual(room.state.policy.maxMembers, 3);
  });

  test('keying per message keeps its history closed', async () => {
    const room = await TestRoom.create(world, ann, { ...fromJoin, keying: 'per-message' });
    const era = await room.makeEra(ann);
    const policy = { ...room.state.policy, history: 'all' } as const;
    const entry = await room.sealStatement(ann, room.draft(ann, 'policy.set', { policy, era: era.era }), { era });
    assert.strictEqual((await room.server.judge(entry))?.code, 'roster-invalid');
  });
});

test('after close nothing is taken', async () => {
  const room = await TestRoom.create(world, ann);
  await room.declare(ann, 'close', {});
  assert.strictEqual(await codeOf(() => room.add(ann, ben)), 'room-closed');
  assert.strictEqual(await codeOf(() => room.write(ann)), 'room-closed');
  assert.strictEqual(await codeOf(() => room.declare(ann, 'close', {})), 'room-closed');
});

test('continue-from names an extent of this log', async () => {
  const room = await TestRoom.create(world, ann);
  const { length, hash } = room.extent();
  assert.strictEqual(await codeOf(() => room.declare(ann, 'continue-from', { length: 1, hash })), 'room-forked');
  assert.strictEqual(
    await codeOf(() => room.declare(ann, 'continue-from', { length: length + 1, hash })),
    'roster-invalid',
  );
  assert.strictEqual(await codeOf(() => room.declare(ann, 'continue-from', { length, hash })), null);
});

test('what the log hash does not cover is never a reason to skip a statement', async () => {
  const room = await TestRoom.create(world, ann);
  await room.add(ann, ben);
  const removal = await room.sealRemove(ann, ben);
  const otherRows = { ...removal, rows: [...(removal.rows ?? []), ...(room.state.eras[0]?.rows ?? [])] };
  const otherSignature = { ...removal, envelope: { ...removal.envelope, signatures: [new Uint8Array(3373)] } };
  const refusals: unknown[] = [];
  const [row] = removal.rows ?? [];
  if (row === undefined) throw new Error('a row');
  const staleRow = { ...removal, rows: [{ ...row, generation: row.generation + 1 }] };
  for (const served of [otherRows, staleRow, otherSignature]) {
    const fault = await room.server.judge(served);
    refusals.push(fault && [fault.code, refusalOf(fault, 'statement')]);
  }
  assert.deepEqual(refusals, [
    ['log-broken', 'wait'],
    ['log-broken', 'wait'],
    ['bad-signature', 'halt'],
  ]);
  assert.strictEqual(await room.server.judge(removal), null);
});

type Create = RosterStatement & { type: 'create' };
type Add = RosterStatement & { type: 'member.add' };

const fromJoin = { policy: { history: 'from-join' } } as const satisfies RoomOptions;

async function people(...names: readonly string[]): Promise<[TestAccount, TestAccount, TestAccount]> {
  const accounts: TestAccount[] = [];
  for (const name of names) accounts.push(await world.account(`${name}@example.org`));
  return accounts as [TestAccount, TestAccount, TestAccount];
}
