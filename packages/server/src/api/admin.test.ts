import { sha256 } from '@sotto/crypto';
import {
  type Address,
  auditEntry,
  defaultPolicy,
  type Envelope,
  type OperationInput,
  type OperationName,
  type Operations,
  operations,
  type PolicyValues,
  type SignedPolicy,
  signPolicy,
  verifyAudit,
  verifyHead,
} from '@sotto/protocol';
import { addDevice, type TestAccount } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { ANONYMOUS, POLICY_KEY, refusal, TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let owner: TestMember;
let admin: TestMember;
let user: TestMember;
let other: TestMember;
beforeEach(async () => {
  home = await TestHome.open();
  owner = await home.signUp('owner');
  admin = await home.signUp('admin');
  user = await home.signUp('user');
  other = await home.signUp('other');
  await change('set-role', { by: owner, of: admin, role: 'admin' });
  home.events.length = 0;
});
afterEach(() => home.close());

type AdminOperation = Extract<OperationName, `admin.${string}`>;

describe('A6: who may administrate', () => {
  const inputs: { readonly [Name in AdminOperation]: () => Promise<OperationInput<Operations[Name]>> } = {
    'admin.users.list': async () => ({ after: 0, limit: 10 }),
    'admin.users.show': async () => ({ address: other.account.address }),
    'admin.users.suspend': async () => ({ address: other.account.address }),
    'admin.users.resume': async () => ({ address: other.account.address }),
    'admin.users.delete': async () => ({ address: other.account.address }),
    'admin.users.set-role': async () => ({ address: other.account.address, role: 'user' }),
    'admin.invitations.list': async () => ({ after: 0, limit: 10 }),
    'admin.invitations.create': async () => ({ count: 1, role: 'user', days: 1 }),
    'admin.invitations.revoke': async () => ({ id: await openInvitation() }),
    'admin.sessions.list': async () => ({ after: 0, limit: 10 }),
    'admin.sessions.end': async () => ({ id: connect(other) }),
    'admin.policy.publish': async () => ({ policy: await policyOf(1) }),
    'admin.policy.history': async () => ({ after: 0 }),
    'admin.audit.read': async () => ({ from: 0, limit: 10 }),
    'admin.statistics': async () => ({}),
  };

  test('stand for every operation there is', () => {
    const declared = Object.keys(operations).filter((name) => name.startsWith('admin.'));
    assert.sameMembers(Object.keys(inputs), declared);
  });

  test.each(Object.keys(inputs) as AdminOperation[])('attack: %s by whom it is not for', async (name) => {
    const call = async (member: TestMember): Promise<string | null> =>
      refusal(home.call(member.session, name, (await inputs[name]()) as never));
    assert.strictEqual(await call(user), 'not-authorised');
    assert.strictEqual(await call(admin), name === 'admin.policy.publish' ? 'not-authorised' : null);
    assert.isNull(await call(owner));
    assert.strictEqual(
      await refusal(home.call({ kind: 'anonymous' }, name, (await inputs[name]()) as never)),
      'not-authorised',
    );
    await change('set-role', { by: owner, of: admin, role: 'user' });
    assert.strictEqual(await call(admin), 'not-authorised', 'the role is asked of the store at every call');
  });

  test('attack: an admin acts on equals or above, or gives more than the own role', async () => {
    for (const verb of ['suspend', 'delete'] as const) {
      assert.strictEqual(await refusal(change(verb, { by: admin, of: owner })), 'role-insufficient');
      assert.strictEqual(await refusal(change(verb, { by: admin, of: admin })), 'role-insufficient');
    }
    const promote = (role: 'owner' | 'admin'): Promise<unknown> => change('set-role', { by: admin, of: user, role });
    assert.strictEqual(await refusal(promote('owner')), 'role-insufficient');
    assert.isNull(await refusal(promote('admin')));
    const invite = (role: 'owner' | 'admin'): Promise<unknown> =>
      home.call(admin.session, 'admin.invitations.create', { count: 1, role, days: 1 });
    assert.strictEqual(await refusal(invite('owner')), 'role-insufficient');
    assert.isNull(await refusal(invite('admin')));
    const id = connect(owner);
    assert.strictEqual(await refusal(home.call(admin.session, 'admin.sessions.end', { id })), 'role-insufficient');
  });

  test('attack: a user makes itself an admin', async () => {
    const { address } = user.account;
    assert.strictEqual(
      await refusal(home.call(user.session, 'admin.users.set-role', { address, role: 'admin' })),
      'not-authorised',
    );
    assert.deepEqual(await home.call(user.session, 'accounts.self', {}), { role: 'user' });
  });

  test('control: an admin acts on users, an owner on everybody', async () => {
    assert.isNull(await refusal(change('suspend', { by: admin, of: user })));
    assert.isNull(await refusal(change('resume', { by: owner, of: user })));
    assert.isNull(await refusal(change('suspend', { by: owner, of: admin })));
  });

  test('the last owner stays, also when two go at once', async () => {
    assert.strictEqual(await refusal(change('suspend', { by: owner, of: owner })), 'last-owner');
    assert.strictEqual(await refusal(change('delete', { by: owner, of: owner })), 'last-owner');
    assert.strictEqual(await refusal(change('set-role', { by: owner, of: owner, role: 'user' })), 'last-owner');
    await change('set-role', { by: owner, of: admin, role: 'owner' });
    const codes = await Promise.all([
      refusal(change('suspend', { by: owner, of: admin })),
      refusal(change('suspend', { by: admin, of: owner })),
    ]);
    // Who was suspended first may learn that it is, or that it was the last one.
    const refused = codes.filter((code) => code !== null);
    assert.lengthOf(refused, 1);
    assert.include(['not-authorised', 'account-suspended'], refused[0]);
  });
});

describe('suspension', () => {
  test('keeps the account out at once, resuming lets it in again', async () => {
    const { user: suspended } = await change('suspend', { by: admin, of: user });
    assert.strictEqual(suspended.state, 'suspended');
    assert.deepEqual(home.ended, [-user.accountId]);
    assert.strictEqual(await refusal(home.call(user.session, 'rooms.list', { after: null })), 'account-suspended');
    const session = await home.accountSession(user.account.address);
    assert.strictEqual(await refusal(home.call(session, 'accounts.state', {})), 'account-suspended');
    await change('resume', { by: admin, of: user });
    assert.isNull(await refusal(home.call(user.session, 'rooms.list', { after: null })));
  });

  test('an administrator who is suspended administers nothing', async () => {
    await change('suspend', { by: owner, of: admin });
    assert.strictEqual(await refusal(change('suspend', { by: admin, of: user })), 'account-suspended');
  });
});

describe('a recovery kit', () => {
  test('opens nothing while the account is suspended, and is gone with it', async () => {
    const lookup = new Uint8Array(32).fill(7);
    const kit = await addDevice(home.world, user.account, { name: 'kit', kind: 'recovery' });
    const statements = kit.statements.slice(-1);
    await home.call(user.session, 'recovery.set', { kit: sha256(lookup), bundle: new Uint8Array(64), statements });
    const open = () => refusal(home.call(ANONYMOUS, 'recovery.open', { lookup }));
    assert.isNull(await open());
    await change('suspend', { by: admin, of: user });
    assert.strictEqual(await open(), 'account-suspended');
    await change('resume', { by: admin, of: user });
    assert.isNull(await open());
    await change('delete', { by: admin, of: user });
    assert.strictEqual(await open(), 'recovery-unknown');
  });
});

describe('deleting', () => {
  test('lets nobody in any more, and nobody else get the name', async () => {
    await change('delete', { by: admin, of: user });
    assert.strictEqual(await refusal(home.call(user.session, 'rooms.list', { after: null })), 'account-suspended');
    const opened = await home.accountSession(user.account.address).then(
      () => 'known',
      () => 'unknown',
    );
    assert.strictEqual(opened, 'unknown');
    assert.strictEqual(await refusal(home.signUp('user')), 'address-taken');
    assert.strictEqual(await refusal(change('resume', { by: owner, of: user })), 'not-found');
    assert.strictEqual(await refusal(change('set-role', { by: owner, of: user, role: 'admin' })), 'not-found');
  });
});

describe('invitations', () => {
  test('are listed with their state, revoked while open, and give their role', async () => {
    const { codes } = await home.call(owner.session, 'admin.invitations.create', { count: 2, role: 'admin', days: 2 });
    const fresh = await home.signUp('deputy', { invitation: codes[0] as string });
    assert.strictEqual((await home.call(fresh.session, 'accounts.self', {})).role, 'admin');
    const { invitations } = await home.call(owner.session, 'admin.invitations.list', { after: 0, limit: 100 });
    const [used, open] = invitations.slice(-2);
    assert.deepInclude(used, { state: 'used', role: 'admin', usedBy: fresh.account.address });
    assert.deepInclude(open, { state: 'open', createdBy: owner.account.address, usedBy: null });
    const revoke = (id: number): Promise<unknown> => home.call(owner.session, 'admin.invitations.revoke', { id });
    assert.strictEqual(await refusal(revoke(used?.id as number)), 'invitation-used');
    assert.isNull(await refusal(revoke(open?.id as number)));
    assert.strictEqual(await refusal(revoke(open?.id as number)), 'not-found');
    const look = home.call({ kind: 'anonymous' }, 'invitations.look', { code: codes[1] as string });
    assert.strictEqual(await refusal(look), 'invitation-unknown');
  });
});

describe('the policy', () => {
  test('is published version by version, under the key of the organisation alone', async () => {
    const first = await policyOf(1);
    const publish = (policy: SignedPolicy): Promise<unknown> =>
      home.call(owner.session, 'admin.policy.publish', { policy });
    assert.strictEqual(await refusal(publish(await policyOf(2))), 'policy-outdated');
    assert.isNull(await refusal(publish(first)));
    assert.isNull(await refusal(publish(first)));
    assert.strictEqual(await refusal(publish(await policyOf(1, { guests: true }))), 'policy-outdated');
    const foreign = await policyOf(2);
    const { publicKey } = await home.world.suites.byName('hybrid').signature.generate();
    assert.strictEqual(await refusal(publish({ ...foreign, publicKey })), 'policy-invalid');
    assert.strictEqual(await refusal(publish({ ...foreign, signed: first.signed })), 'policy-invalid');
    assert.isNull(await refusal(publish(foreign)));
    const { policy } = await home.call(user.session, 'policies.read', {});
    assert.deepEqual(policy, foreign);
    const { policies } = await home.call(admin.session, 'admin.policy.history', { after: 0 });
    assert.deepEqual(policies, [first, foreign]);
    assert.deepEqual(home.events, [
      { accountId: 0, event: { event: 'policy' } },
      { accountId: 0, event: { event: 'policy' } },
    ]);
  });

  test('binds the server where it has a half of its own', async () => {
    const rules: Partial<PolicyValues> = { roomCreation: 'admins', maxMembers: 2, roaming: 'forbidden' };
    const room = await home.createRoom(owner);
    for (const member of [admin, user]) await home.befriend(owner, member);
    await home.send(owner, room, await room.add(owner.account, admin.account, 'member'));
    await home.call(owner.session, 'admin.policy.publish', { policy: await policyOf(1, rules) });
    assert.strictEqual(await refusal(home.createRoom(user)), 'policy-forbids');
    assert.isNull(await refusal(home.createRoom(admin)));
    const third = await room.add(owner.account, user.account, 'member');
    assert.strictEqual(await refusal(home.send(owner, room, third)), 'member-limit');
    await home.store.transact((database) => database.updateTable('cluster').set({ policy_key: POLICY_KEY }).execute());
    assert.strictEqual(await refusal(home.signUp('nomad', { roaming: true })), 'policy-forbids');
  });
});

test('no more devices than the policy allows, and each is told', async () => {
  await home.call(owner.session, 'admin.policy.publish', { policy: await policyOf(1, { maxDevices: 2 }) });
  const append = async (account: TestAccount): Promise<string | null> =>
    refusal(home.call(user.session, 'chains.append', { envelope: account.statements.at(-1) as Envelope }));
  const second = await addDevice(home.world, user.account, { name: 'desk' });
  assert.isNull(await append(second));
  assert.strictEqual(await append(await addDevice(home.world, second, { name: 'phone' })), 'policy-forbids');
  const { entries } = await home.call(owner.session, 'admin.audit.read', { from: 0, limit: 200 });
  const added = entries.map((entry) => auditEntry.parse(entry)).filter(({ event }) => event === 'device.added');
  assert.deepEqual(
    added.map(({ subject }) => subject),
    [`${user.account.address}/desk`],
  );
});

describe('the audit log', () => {
  test('is one chain under a signed head, with every change and who made it', async () => {
    await change('suspend', { by: admin, of: user });
    await change('suspend', { by: admin, of: user });
    assert.strictEqual(await refusal(change('suspend', { by: admin, of: owner })), 'role-insufficient');
    const { entries, head } = await home.call(owner.session, 'admin.audit.read', { from: 0, limit: 200 });
    const { primitives } = home.world;
    const subject = { kind: 'audit', id: home.cluster.caFingerprint } as const;
    await verifyHead(primitives, home.cluster.headPublicKeys, { subject, head });
    const verified = verifyAudit({ from: 0, entries, end: head });
    assert.deepEqual(
      verified.entries.map(({ event, subject: of }) => [event, of]),
      [
        ...[owner, admin, user, other].map(({ account }) => ['account.created', account.address]),
        ['account.role-set', admin.account.address],
        ['account.suspended', user.account.address],
      ],
    );
    assert.deepEqual(verified.entries.at(-1)?.actor, admin.account.chain.fingerprint);
  });

  test('shows when anything in it was changed', async () => {
    const { entries, head } = await home.call(owner.session, 'admin.audit.read', { from: 0, limit: 200 });
    const first = auditEntry.parse(entries[0] as Uint8Array);
    const rewritten = auditEntry.encode({ ...first, at: first.at + 1 });
    const broken = [
      entries.slice(1),
      entries.slice(0, -1),
      [rewritten, ...entries.slice(1)],
      [entries[1] as Uint8Array, entries[0] as Uint8Array, ...entries.slice(2)],
      [
        ...entries.slice(0, -1),
        auditEntry.encode({
          ...first,
          n: entries.length - 1,
          prev: auditEntry.parse(entries.at(-1) as Uint8Array).prev,
        }),
      ],
    ];
    for (const stretch of broken) {
      const code = await refusal(Promise.resolve().then(() => verifyAudit({ from: 0, entries: stretch, end: head })));
      assert.strictEqual(code, 'audit-broken');
    }
    assert.lengthOf(verifyAudit({ from: 0, entries, end: head }).entries, entries.length);
    assert.lengthOf(verifyAudit({ from: 2, entries: entries.slice(2), end: head }).entries, entries.length - 2);
  });
});

test('statistics are sums', async () => {
  const room = await home.createRoom(owner);
  await home.write(owner, room);
  await change('suspend', { by: admin, of: user });
  await change('delete', { by: admin, of: other });
  connect(owner);
  const seen = await home.call(admin.session, 'admin.statistics', {});
  assert.deepEqual(seen.accounts, { active: 2, suspended: 1, deleted: 1, incomplete: 0 });
  assert.strictEqual(seen.connected, 1);
  assert.strictEqual(seen.devices, 4);
  assert.deepEqual(seen.rooms, { account: 4, chat: 1 });
  assert.deepInclude(seen.entries.at(-1), { count: 11 });
  assert.isAbove(seen.storageBytes, 1000);
});

let policyKeys: Awaited<ReturnType<typeof makePolicyKey>> | null = null;
beforeEach(() => {
  policyKeys = null;
});

async function makePolicyKey() {
  const suite = home.world.suites.byName('hybrid');
  const { publicKey, secretKey } = await suite.signature.generate();
  await home.store.transact((database) =>
    database
      .updateTable('cluster')
      .set({ policy_key: sha256(publicKey) })
      .execute(),
  );
  return { suite: suite.id, publicKey, secretKey };
}

async function policyOf(version: number, values: Partial<PolicyValues> = {}): Promise<SignedPolicy> {
  policyKeys ??= await makePolicyKey();
  return signPolicy(home.world.suites, policyKeys, {
    domain: home.cluster.domain,
    version,
    at: home.now(),
    values: { ...defaultPolicy, ...values },
    suspended: [],
  });
}

type Change = { readonly by: TestMember; readonly of: TestMember; readonly role?: 'owner' | 'admin' | 'user' };

function change(verb: 'suspend' | 'resume' | 'delete' | 'set-role', { by, of, role }: Change) {
  const address: Address = of.account.address;
  return verb === 'set-role'
    ? home.call(by.session, 'admin.users.set-role', { address, role: role ?? 'user' })
    : home.call(by.session, `admin.users.${verb}`, { address });
}

async function openInvitation(): Promise<number> {
  await home.call(owner.session, 'admin.invitations.create', { count: 1, role: 'user', days: 1 });
  const { invitations } = await home.call(owner.session, 'admin.invitations.list', { after: 0, limit: 500 });
  return invitations.findLast(({ state }) => state === 'open')?.id as number;
}

function connect(member: TestMember): number {
  const id = home.open.length + 1;
  home.open.push({ id, identity: member.session, since: home.now(), source: '0a1b2c' });
  return id;
}
