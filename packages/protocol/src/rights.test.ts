import { makeWorld, type TestAccount, TestRoom, type TestWorld } from '@sotto/testing';
import { assert, beforeAll, describe, test } from 'vitest';
import { outranks } from './rights.ts';
import { type Role, roles } from './roster.ts';

/** What each role may do: the roles it gives to newcomers, removes, and gives to or takes from members. */
const powers: Readonly<Record<Role, Powers>> = {
  owner: { adds: roles, removes: roles, sets: roles, policy: true, era: true, close: true, writes: true },
  admin: {
    adds: ['member', 'guest', 'reader'],
    removes: ['member', 'guest', 'reader'],
    sets: ['member', 'guest', 'reader'],
    policy: true,
    era: true,
    close: false,
    writes: true,
  },
  member: { adds: [], removes: [], sets: [], policy: false, era: true, close: false, writes: true },
  guest: { adds: [], removes: [], sets: [], policy: false, era: false, close: false, writes: true },
  reader: { adds: [], removes: [], sets: [], policy: false, era: false, close: false, writes: false },
};

interface Powers {
  readonly adds: readonly Role[];
  readonly removes: readonly Role[];
  readonly sets: readonly Role[];
  readonly policy: boolean;
  readonly era: boolean;
  readonly close: boolean;
  readonly writes: boolean;
}

let world: TestWorld;
let owner: TestAccount;
let actor: TestAccount;
let target: TestAccount;
let newcomer: TestAccount;

beforeAll(async () => {
  world = await makeWorld('rights');
  owner = await world.account('owner@example.org');
  actor = await world.account('actor@example.org');
  target = await world.account('target@example.org');
  newcomer = await world.account('newcomer@example.org');
});

describe.each(roles)('%s', (role) => {
  const { adds, removes, sets, policy, era, close, writes } = powers[role];

  test.each(roles)('adds a %s', async (given) => {
    const room = await roomWith([actor, role]);
    assert.strictEqual(
      await judge(room, room.sealAdd(actor, newcomer, { role: given })),
      adds.includes(given) ? null : 'role-insufficient',
    );
  });

  test.each(roles)('removes a %s', async (of) => {
    const room = await roomWith([actor, role], [target, of]);
    const allowed = removes.includes(of);
    assert.strictEqual(await judge(room, room.sealRemove(actor, target)), allowed ? null : 'role-insufficient');
  });

  test.each(roles)('makes a member %s', async (given) => {
    const room = await roomWith([actor, role], [target, 'member']);
    const draft = room.draft(actor, 'role.set', { fingerprint: target.chain.fingerprint, role: given });
    const allowed = sets.includes(given);
    assert.strictEqual(await judge(room, room.sealStatement(actor, draft)), allowed ? null : 'role-insufficient');
  });

  test.each(roles)('takes the role of a %s', async (of) => {
    const room = await roomWith([actor, role], [target, of]);
    const draft = room.draft(actor, 'role.set', { fingerprint: target.chain.fingerprint, role: 'reader' });
    const allowed = sets.includes(of);
    assert.strictEqual(await judge(room, room.sealStatement(actor, draft)), allowed ? null : 'role-insufficient');
  });

  test('acts on itself by leaving alone', async () => {
    const room = await roomWith([actor, role]);
    const draft = room.draft(actor, 'role.set', { fingerprint: actor.chain.fingerprint, role: 'owner' });
    assert.strictEqual(await judge(room, room.sealStatement(actor, draft)), 'role-insufficient');
    assert.strictEqual(await judge(room, room.sealRemove(actor, actor)), 'role-insufficient');
    assert.strictEqual(
      await judge(room, room.sealStatement(actor, room.draft(actor, 'leave', { successor: null }))),
      null,
    );
  });

  test('changes the policy', async () => {
    const room = await roomWith([actor, role]);
    const draft = room.draft(actor, 'policy.set', { policy: { ...room.state.policy, maxMembers: 9 }, era: null });
    assert.strictEqual(await judge(room, room.sealStatement(actor, draft)), policy ? null : 'role-insufficient');
  });

  test('starts an era', async () => {
    const room = await roomWith([actor, role]);
    const next = await room.makeEra(actor);
    const sealed = room.sealStatement(actor, room.draft(actor, 'era', { era: next.era }), { era: next });
    assert.strictEqual(await judge(room, sealed), era ? null : 'role-insufficient');
  });

  test('closes the room, decides a fork', async () => {
    const room = await roomWith([actor, role]);
    const fork = room.sealStatement(actor, room.draft(actor, 'continue-from', room.extent()));
    assert.strictEqual(await judge(room, fork), close ? null : 'role-insufficient');
    const closing = room.sealStatement(actor, room.draft(actor, 'close', {}));
    assert.strictEqual(await judge(room, closing), close ? null : 'role-insufficient');
  });

  test('complains of an era that does not open', async () => {
    const room = await roomWith([actor, role]);
    const draft = room.draft(actor, 'complaint', { era: 0 });
    assert.strictEqual(await judge(room, room.sealStatement(actor, draft)), null);
  });

  test('writes content and receipts', async () => {
    const room = await roomWith([actor, role]);
    const header = await room.draftRecord(actor);
    assert.strictEqual(await judge(room, room.sealRecord(actor, header)), writes ? null : 'role-insufficient');
    const quiet = { ...(await room.draftRecord(actor)), class: 'quiet' } as const;
    assert.strictEqual(await judge(room, room.sealRecord(actor, quiet)), null);
  });
});

test('guests need the leave of the policy', async () => {
  const room = await TestRoom.create(world, owner, { policy: { guests: false } });
  assert.strictEqual(await judge(room, room.sealAdd(owner, actor, { role: 'guest' })), 'role-insufficient');
  await room.add(owner, actor);
  const draft = room.draft(owner, 'role.set', { fingerprint: actor.chain.fingerprint, role: 'guest' });
  assert.strictEqual(await judge(room, room.sealStatement(owner, draft)), 'role-insufficient');
});

test('of people who are not there nothing is changed', async () => {
  const room = await TestRoom.create(world, owner);
  const draft = room.draft(owner, 'role.set', { fingerprint: target.chain.fingerprint, role: 'reader' });
  assert.strictEqual(await judge(room, room.sealStatement(owner, draft)), 'member-unknown');
  assert.strictEqual(await judge(room, room.sealRemove(owner, target)), 'member-unknown');
});

test('ranks are a strict order', () => {
  for (const [i, left] of roles.entries()) {
    for (const [j, right] of roles.entries()) assert.strictEqual(outranks(left, right), i < j);
  }
});

async function roomWith(...members: readonly (readonly [TestAccount, Role])[]): Promise<TestRoom> {
  const room = await TestRoom.create(world, owner);
  for (const [account, role] of members) await room.add(owner, account, role);
  return room;
}

async function judge(
  room: TestRoom,
  entry: Promise<Parameters<TestRoom['server']['judge']>[0]>,
): Promise<string | null> {
  return (await room.server.judge(await entry))?.code ?? null;
}
