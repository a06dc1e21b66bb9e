import { decodeCbor, encodeCbor } from '@sotto/bytes';
import { type SignedPolicy, signPolicy } from '@sotto/protocol';
import { type City, codeOf, type Person, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { policyKeyOf } from '../admin/policy-key.ts';
import { exportKeyFile } from '../key-export.ts';
import { news, texts, updated } from '../talk.fixture.ts';
import { keptPolicy } from './in-force.ts';

let city: City;
let alice: Person;
let bob: Person;
let carol: Person;

beforeAll(async () => {
  city = await startCity();
  alice = await city.join('alice');
  bob = await city.join('bob');
  carol = await city.join('carol');
  await city.befriend(alice, bob, carol);
});

afterAll(() => city[Symbol.asyncDispose]());

describe('a policy', () => {
  test('is signed by the owner, verified and obeyed by everybody at the next sync', async () => {
    const version = await alice.box.admin.setPolicy({ export: false, maxMembers: 2 });
    await updated(bob);
    assert.strictEqual((await bob.box.policy.state()).version, version);
    assert.strictEqual(await codeOf(() => exportKeyFile(bob.session, 'a passphrase')), 'policy-forbids');
    const room = await alice.box.createRoom({ name: 'two', type: 'chat', history: 'all', keying: 'era' });
    await alice.box.addMember(room.id, bob.address, 'member');
    assert.strictEqual(await codeOf(() => alice.box.addMember(room.id, carol.address, 'member')), 'member-limit');
    await alice.box.admin.setPolicy({ export: true, maxMembers: 1000 });
    await updated(bob);
    assert.isAbove((await exportKeyFile(bob.session, 'a passphrase')).length, 0);
  });

  test('is published by owners alone, and only with the key of the organisation', async () => {
    assert.strictEqual(await codeOf(() => bob.box.admin.setPolicy({ guests: true })), 'policy-key-missing');
    assert.strictEqual(await codeOf(() => bob.box.admin.users()), 'not-authorised');
    const content = await alice.box.admin.exportPolicyKey('under this');
    assert.strictEqual(await codeOf(() => bob.box.admin.importPolicyKey(content, 'under that')), 'open-failed');
    await bob.box.admin.importPolicyKey(content, 'under this');
    assert.strictEqual(await codeOf(() => bob.box.admin.setPolicy({ guests: true })), 'not-authorised');
  });

  test('that needs consent is held for a user who has not said yes, but where it is tighter', async () => {
    await alice.box.admin.setPolicy({ suites: [1, 2], retentionDays: 30, guests: true });
    await updated(bob);
    const { pending, inForce } = await bob.box.policy.state();
    assert.deepEqual(pending.map(({ field }) => field).toSorted(), ['retentionDays', 'suites']);
    assert.deepEqual(inForce.suites, [1, 2]);
    assert.isNull(inForce.retentionDays);
    assert.isTrue(inForce.guests);
    await bob.box.policy.accept((await bob.box.policy.state()).version);
    assert.deepInclude(await bob.box.policy.inForce(), { retentionDays: 30 });
    assert.lengthOf((await bob.box.policy.state()).pending, 0);
    assert.lengthOf((await alice.box.policy.state()).pending, 0);
  });

  test('shows before it is signed what it would change', async () => {
    const { changes, accounts } = await alice.box.admin.tryPolicy({ maxMembers: 50, guests: false, suites: null });
    assert.deepEqual(
      changes.map(({ field, tightness, needsConsent }) => [field, tightness, needsConsent]),
      [
        ['suites', 'looser', true],
        ['guests', 'tighter', false],
        ['maxMembers', 'tighter', false],
      ],
    );
    assert.strictEqual(accounts, 3);
    assert.strictEqual((await alice.box.policy.inForce()).maxMembers, 1000);
  });

  test('of verified contacts alone holds what goes to others', async () => {
    const { id } = await bob.box.directRoom(carol.address);
    await alice.box.admin.setPolicy({ verifiedOnly: true });
    await updated(bob);
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(id, 'psst')), 'unverified');
    const { fingerprint } = await carol.box.showAccount();
    await bob.box.verifyContact(carol.address, Uint8Array.from(Buffer.from(fingerprint, 'hex')));
    await bob.box.flushOutbox();
    await updated(carol);
    assert.deepEqual(await texts(carol, id), ['psst']);
    await alice.box.admin.setPolicy({ verifiedOnly: false });
    await updated(bob, carol);
  });
});

describe('A1: a reader or rule that nobody agreed to', () => {
  test('control: the next version, signed by the key of the organisation', async () => {
    const version = await alice.box.admin.setPolicy({ guests: true });
    await updated(bob);
    assert.strictEqual((await bob.box.policy.state()).version, version);
  });

  test('attack: the server signs with a key of its own, or with none', async () => {
    const kept = await keptPolicy(bob.session.keys);
    const version = (kept?.policy.version ?? 0) + 1;
    const own = await alice.session.identity.suite.signature.generate();
    const key = { suite: alice.session.identity.suite.id, ...own };
    const forged = await signPolicy(bob.session.suites, key, { ...(await contentOf(version)), suspended: [] });
    assert.deepEqual(await refusedAs(forged), ['policy-invalid']);
    assert.deepEqual((await keptPolicy(bob.session.keys))?.signed, kept?.signed);
  });

  test('attack: a recipient for all keys, in a field that this version does not know', async () => {
    const kept = await keptPolicy(bob.session.keys);
    const version = (kept?.policy.version ?? 0) + 1;
    const { signed } = await signedByOwner({ version, guests: false });
    const document = decodeCbor(signed) as { readonly values: object };
    const values = { ...document.values, custodian: new Uint8Array(32) };
    assert.deepEqual(await refusedAs(await signedRaw(encodeCbor({ ...document, values }))), ['format-malformed']);
    assert.include((await news(bob, 'policy')).join('\n'), 'format-malformed');
    assert.deepEqual((await keptPolicy(bob.session.keys))?.signed, kept?.signed);
  });
});

describe('A2: rules that change in silence', () => {
  test('attack: an older version, none, or another text of the same one; both are kept, the known one stays', async () => {
    const before = await keptPolicy(bob.session.keys);
    const [first] = await alice.box.admin.policyHistory();
    assert.strictEqual(first?.version, 1);
    const { version = 0 } = before?.policy ?? {};
    for (const [policy, code] of [
      [await olderPolicy(), 'policy-rollback'],
      [null, 'policy-rollback'],
      [await signedByOwner({ version, guests: false }), 'policy-split'],
    ] as const) {
      assert.deepEqual(await refusedAs(policy), [code]);
      assert.deepEqual((await keptPolicy(bob.session.keys))?.signed, before?.signed);
    }
    const evidence = await bob.session.keys.query<{ code: string }>(
      "SELECT code FROM evidence WHERE kind = 'policy' AND code <> 'policy-invalid'",
    );
    const codes = evidence.map(({ code }) => code).filter((code) => code !== 'format-malformed');
    assert.sameMembers(codes, ['policy-rollback', 'policy-rollback', 'policy-split']);
    assert.include((await news(bob, 'policy')).join('\n'), 'policy-rollback');
  });

  test('attack: a rule that needs a yes is not obeyed without one', async () => {
    const before = (await bob.box.policy.inForce()).retentionDays;
    await alice.box.admin.setPolicy({ retentionDays: 7 });
    await bob.box.sync();
    assert.strictEqual((await bob.box.policy.inForce()).retentionDays, before);
  });

  test('control: with a yes it is', async () => {
    await bob.box.sync();
    const { version, newest } = await bob.box.policy.state();
    const { inForce } = await bob.box.policy.accept(version);
    assert.strictEqual(inForce.retentionDays, newest.retentionDays);
  });
});

describe('Ax1: a yes that is taken for another version than was shown', () => {
  test('attack: a newer version comes between looking and agreeing', async () => {
    await updated(bob);
    await bob.box.policy.accept((await bob.box.policy.state()).version);
    await alice.box.admin.setPolicy({ retentionDays: 90 });
    await updated(bob);
    const shown = await bob.box.policy.state();
    await alice.box.admin.setPolicy({ retentionDays: 1 });
    await updated(bob);
    assert.strictEqual(await codeOf(() => bob.box.policy.accept(shown.version)), 'policy-outdated');
    assert.notInclude([1, 90], (await bob.box.policy.inForce()).retentionDays);
  });

  test('control: the version that was shown', async () => {
    await updated(bob);
    const { version, newest } = await bob.box.policy.state();
    const { inForce, pending } = await bob.box.policy.accept(version);
    assert.strictEqual(inForce.retentionDays, newest.retentionDays);
    assert.deepEqual(pending, []);
  });
});

describe('suspension', () => {
  test('keeps somebody out, makes others stop sealing and rooms go on without; resuming undoes it', async () => {
    const room = (await bob.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' })).id;
    for (const member of [alice, carol]) await bob.box.addMember(room, member.address, 'member');
    const { id: direct } = await bob.box.directRoom(carol.address);
    await updated(alice, carol);
    const { user, signed } = await alice.box.admin.suspendUser(carol.address);
    assert.strictEqual(user.state, 'suspended');
    assert.isTrue(signed);
    assert.strictEqual(await codeOf(() => carol.box.sync()), 'account-suspended');

    // A member who cannot remove waits for somebody who can.
    await alice.box.sync();
    assert.strictEqual(await codeOf(() => alice.box.sendMessage(room, 'held')), 'member-suspended');
    await bob.box.sync();
    assert.lengthOf(await bob.box.roomMembers(room), 2);
    await alice.box.sync();
    await bob.box.sync();
    assert.deepEqual(await texts(bob, room), ['held']);
    assert.strictEqual(await codeOf(() => bob.box.sendMessage(direct, 'wait')), 'member-suspended');
    assert.strictEqual(await codeOf(() => bob.box.addMember(room, carol.address, 'member')), 'account-suspended');

    await alice.box.admin.resumeUser(carol.address);
    await bob.box.sync();
    await updated(carol);
    assert.include(await texts(carol, direct), 'wait');
    assert.notInclude(await texts(carol, room), 'held');
  });

  test('is never signed for somebody whom the server puts under the address', async () => {
    const { fingerprint } = bob.session.identity;
    const repent = alice.link.lie('admin.users.suspend', async (honest) => {
      const { user } = await honest();
      return { user: { ...user, fingerprint } };
    });
    assert.strictEqual(await codeOf(() => alice.box.admin.suspendUser(carol.address)), 'identity-conflict');
    repent();
    assert.lengthOf((await keptPolicy(alice.session.keys))?.policy.suspended ?? [], 0);
    await alice.box.admin.resumeUser(carol.address);
  });
});

describe('the audit log', () => {
  test('is verified on reading; a server that rewrites, cuts or swaps it is told', async () => {
    const entries = await alice.box.admin.audit(0);
    assert.include(
      entries.map(({ event }) => event),
      'policy.published',
    );
    const cut = alice.link.lie('admin.audit.read', async (honest) => {
      const { entries: all, head } = await honest();
      return { entries: all.toSpliced(2, 1), head };
    });
    assert.strictEqual(await codeOf(() => alice.box.admin.audit(0)), 'audit-broken');
    cut();

    // A past that the server rewrote and signed anew: shorter, as long, and longer than what was seen.
    const [first] = entries;
    const { auditEntry, auditHash } = await import('@sotto/protocol');
    const rewritten: Uint8Array[] = [];
    for (const entry of entries) {
      const prev = rewritten.length === 0 ? entry.prev : auditHash(rewritten.at(-1) as Uint8Array);
      rewritten.push(auditEntry.encode({ ...entry, prev, at: entry.at + 1 }));
    }
    const longer = { ...(first as (typeof entries)[number]), n: entries.length };
    rewritten.push(auditEntry.encode({ ...longer, prev: auditHash(rewritten.at(-1) as Uint8Array) }));
    const id = alice.session.identity.caFingerprint;
    for (const [length, code] of [
      [entries.length - 1, 'rollback'],
      [entries.length, 'split-view'],
      [entries.length + 1, 'split-view'],
    ] as const) {
      const told = rewritten.slice(0, length);
      const head = await city.signHead({ kind: 'audit', id }, { length, hash: auditHash(told.at(-1) as Uint8Array) });
      const repent = alice.link.lie('admin.audit.read', (_honest, { from, limit }) => ({
        entries: told.slice(from, from + limit),
        head,
      }));
      assert.strictEqual(await codeOf(() => alice.box.admin.audit(0)), code);
      repent();
    }
    assert.deepEqual(await alice.box.admin.audit(0), entries);

    // A restored server has lost entries: told once, then its new life is followed.
    const told = entries.slice(0, 3).map((entry) => auditEntry.encode(entry));
    const extent = { length: 3, hash: auditHash(told.at(-1) as Uint8Array) };
    const head = await city.signHead({ kind: 'audit', id }, extent, { incarnation: 7 });
    alice.link.lie('admin.audit.read', (_honest, { from, limit }) => ({
      entries: told.slice(from, from + limit),
      head,
    }));
    assert.strictEqual(await codeOf(() => alice.box.admin.audit(0)), 'server-restored');
    assert.lengthOf(await alice.box.admin.audit(0), 3);
    alice.link.repent();
  });
});

/** What Bob's sync is refused for while the server gives this policy. */
async function refusedAs(policy: SignedPolicy | null): Promise<string[]> {
  const repent = bob.link.lie('policies.read', () => ({ policy }));
  const { faults } = await bob.box.sync();
  repent();
  return faults.map((fault) => fault.code);
}

async function contentOf(version: number) {
  const { domain } = await alice.box.policy.pin();
  return { domain, version, at: 1, values: await alice.box.policy.inForce() };
}

/** Bytes that no program of ours would sign, under the key of the organisation. */
async function signedRaw(signed: Uint8Array): Promise<SignedPolicy> {
  const { session } = alice;
  const key = await policyKeyOf(session, (await alice.box.policy.pin()).policyKey);
  const { signature } = session.suites.byId(key.suite);
  return {
    signed,
    signature: await signature.sign(key.secretKey, 'sotto/policy/v1', signed),
    publicKey: key.publicKey,
  };
}

async function olderPolicy(): Promise<SignedPolicy> {
  const { policies } = await alice.session.link.call('admin.policy.history', { after: 0 });
  return policies[0] as SignedPolicy;
}

async function signedByOwner({ version, guests }: { version: number; guests: boolean }): Promise<SignedPolicy> {
  const { session } = alice;
  const pin = await alice.box.policy.pin();
  const key = await policyKeyOf(session, pin.policyKey);
  const values = { ...(await alice.box.policy.inForce()), guests };
  return signPolicy(session.suites, key, { domain: pin.domain, version, at: 1, values, suspended: [] });
}
