import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { createRequest, keySigner, parseCertificate, verifyAuthority, verifyCertificate } from '@sotto/pki';
import { type Address, type DeviceName, type Envelope, verifyHead } from '@sotto/protocol';
import { firstDevice, makeDevice, TestRoom } from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import { credentialsOf, deviceOf, isExempt } from '../accounts/credentials.ts';
import { ownerInvitation } from '../accounts/invitations.ts';
import { ANONYMOUS, deviceSession, EXEMPTION, POLICY_KEY, refusal, submission, TestHome } from '../home.fixture.ts';

let home: TestHome;
beforeEach(async () => {
  home = await TestHome.open();
});
afterEach(() => home.close());

describe('a sign-up', () => {
  for (const suite of ['hybrid', 'classic', 'p384']) {
    test(`of suite ${suite} leads to an account with a room of its own`, async () => {
      const { account, accountId, session, accountRoom } = await home.signUp('alpha', { suite, roaming: true });
      const { fingerprint } = account.chain;
      const chain = await home.call(session, 'chains.read', { account: fingerprint, from: 0 });
      assert.deepEqual(chain.statements, account.statements);
      assert.strictEqual(chain.head.length, 3);
      await verifyHead(home.world.primitives, home.cluster.headPublicKeys, {
        subject: { kind: 'chain', id: fingerprint },
        head: chain.head,
      });
      const { rooms } = await home.call(session, 'rooms.list', { after: null });
      assert.deepEqual(
        rooms.map(({ room, type, length }) => ({ room, type, length })),
        [{ room: accountRoom.state.id, type: 'account', length: 2 }],
      );
      const known = await deviceOf(home.store, fingerprint, session.deviceId);
      assert.strictEqual(known?.accountId, accountId);
      assert.deepEqual(known?.kem, firstDevice(account).description.kem);
    });
  }

  test('gives the first account the role of owner, the others that of user', async () => {
    const alpha = await home.signUp('alpha');
    const beta = await home.signUp('beta');
    assert.deepEqual(await home.call(alpha.session, 'accounts.self', {}), { role: 'owner' });
    assert.deepEqual(await home.call(beta.session, 'accounts.self', {}), { role: 'user' });
  });

  test('may repeat every step, and each is answered alike', async () => {
    const signUp = await home.prepare('alpha');
    const { account } = signUp;
    for (const _ of [1, 2]) await home.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
    const session = await home.accountSession(signUp.address);
    for (const _ of [1, 2]) await home.certify(session, account);
    const envelope = account.statements[0] as Envelope;
    const heads = [
      await home.call(session, 'accounts.genesis', { envelope }),
      await home.call(session, 'accounts.genesis', { envelope }),
    ];
    assert.deepEqual(heads[0], heads[1]);
    const { input } = await home.completion(signUp);
    const completed = [
      await home.call(session, 'accounts.complete', input),
      await home.call(session, 'accounts.complete', input),
    ];
    assert.strictEqual(completed[0]?.chainHead.length, 2);
    assert.deepEqual(completed[0], completed[1]);
    const other = { ...input, bundle: new Uint8Array(10) };
    assert.strictEqual(await refusal(home.call(session, 'accounts.complete', other)), 'chain-broken');
  });

  test('says by its state where it stands', async () => {
    const signUp = await home.prepare('alpha');
    await home.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
    const session = await home.accountSession(signUp.address);
    const { signUp: id, bundle, vault } = signUp.registration;
    assert.deepEqual(await home.call(session, 'accounts.state', {}), {
      suite: 2,
      bundle,
      fingerprint: null,
      signUp: { id, step: 'registered' },
    });
    assert.deepEqual(await home.call(session, 'vaults.release', { id: vault?.id as Uint8Array }), {
      blobs: [vault?.blob as Uint8Array],
    });
    assert.strictEqual(await refusal(home.call(session, 'vaults.release', { id })), 'not-found');
    await home.certify(session, signUp.account);
    await home.call(session, 'accounts.genesis', { envelope: signUp.account.statements[0] as Envelope });
    const enrolled = await home.call(session, 'accounts.state', {});
    assert.strictEqual(enrolled.signUp?.step, 'enrolled');
    assert.deepEqual(enrolled.fingerprint, signUp.account.chain.fingerprint);
    const { input } = await home.completion(signUp);
    await home.call(session, 'accounts.complete', input);
    const complete = await home.call(session, 'accounts.state', {});
    assert.strictEqual(complete.signUp?.step, 'complete');
    assert.deepEqual(complete.bundle, input.bundle);
  });

  test('is all that is served until it is complete', async () => {
    const signUp = await home.prepare('alpha');
    await home.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
    const session = await home.accountSession(signUp.address);
    await home.certify(session, signUp.account);
    await home.call(session, 'accounts.genesis', { envelope: signUp.account.statements[0] as Envelope });
    const device = deviceSession(session.accountId, signUp.account);
    for (const early of [session, device]) {
      assert.strictEqual(await refusal(home.call(early, 'rooms.list', { after: null })), 'sign-up-incomplete');
    }
    assert.strictEqual(await refusal(home.call(ANONYMOUS, 'rooms.list', { after: null })), 'not-authorised');
  });

  test('exempts the installation that made it from the throttle', async () => {
    const { account } = await home.signUp('alpha');
    assert.isTrue(await isExempt(home.store, account.address, EXEMPTION));
    assert.isFalse(await isExempt(home.store, account.address, new Uint8Array(32)));
    assert.isFalse(await isExempt(home.store, 'beta@example.org' as Address, EXEMPTION));
  });
});

describe('names', () => {
  test('that are taken or look alike are refused', async () => {
    await home.signUp('alpha');
    const invitation = await home.invite();
    for (const [name, code] of [
      ['alpha', 'address-taken'],
      ['a1pha', 'address-look-alike'],
      ['al-pha', 'address-look-alike'],
    ] as const) {
      assert.strictEqual(await refusal(home.prepare(name, { invitation })), code, name);
    }
  });

  test('elsewhere are refused', async () => {
    const { registration } = await home.prepare('alpha');
    const moved = { ...registration, address: 'alpha@example.net' as Address };
    assert.strictEqual(await refusal(home.call(ANONYMOUS, 'accounts.register-finish', moved)), 'address-malformed');
  });

  test('are free again an hour after a sign-up that came to nothing', async () => {
    const first = await home.prepare('alpha');
    await home.call(ANONYMOUS, 'accounts.register-finish', first.registration);
    const session = await home.accountSession(first.address);
    const { certificate } = await home.certify(session, first.account);
    assert.strictEqual(await refusal(home.prepare('alpha', { invitation: first.invitation })), 'invitation-used');
    home.advance(HOUR);
    assert.isNull(await credentialsOf(home.store, first.address, home.now()));
    const second = await home.signUp('alpha', { invitation: first.invitation });
    assert.strictEqual(await refusal(home.call(session, 'accounts.state', {})), 'sign-up-expired');
    assert.deepEqual(await home.call(second.session, 'accounts.self', {}), { role: 'owner' });
    // The certificate that the abandoned sign-up got is on the list.
    const { crl } = await home.call(ANONYMOUS, 'cluster.keys', {});
    assert.isTrue(includes(crl, parseCertificate(certificate).serial));
  });

  test('stay taken once the genesis is published', async () => {
    const signUp = await home.prepare('alpha');
    await home.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
    const session = await home.accountSession(signUp.address);
    await home.certify(session, signUp.account);
    await home.call(session, 'accounts.genesis', { envelope: signUp.account.statements[0] as Envelope });
    home.advance(48 * HOUR);
    assert.strictEqual(await refusal(home.prepare('alpha')), 'address-taken');
    const { input } = await home.completion(signUp);
    await home.call(session, 'accounts.complete', input);
  });
});

describe('invitations', () => {
  test('of the owner are printed alike until they are used, and renewed after a week', async () => {
    const first = await home.invite();
    assert.strictEqual(await home.invite(), first);
    await home.restart();
    assert.strictEqual(await home.invite(), first);
    home.advance(7 * 24 * HOUR);
    const renewed = await home.invite();
    assert.notStrictEqual(renewed, first);
    assert.strictEqual(await refusal(home.prepare('alpha', { invitation: first })), 'invitation-expired');
    await home.signUp('alpha', { invitation: renewed });
    const minting = { primitives: home.world.primitives, now: () => home.now() };
    assert.isNull(await ownerInvitation(home.store, home.cluster, minting));
  });

  test('are good for one use', async () => {
    const invitation = await home.invite();
    await home.signUp('alpha', { invitation });
    assert.strictEqual(await refusal(home.prepare('beta', { invitation })), 'invitation-used');
    assert.strictEqual(await refusal(home.prepare('beta', { invitation: '0'.repeat(26) })), 'invitation-unknown');
  });

  test('are made by owners, not by users', async () => {
    const alpha = await home.signUp('alpha');
    const beta = await home.signUp('beta');
    const { codes, expiresAt } = await home.call(alpha.session, 'admin.invitations.create', {
      count: 2,
      role: 'user',
      days: 7,
    });
    assert.strictEqual(new Set(codes).size, 2);
    for (const code of codes) {
      const seen = await home.call(ANONYMOUS, 'invitations.look', { code });
      assert.deepEqual(seen, { domain: 'example.org', expiresAt, policyKey: POLICY_KEY, policy: null });
    }
    assert.strictEqual(
      await refusal(home.call(beta.session, 'admin.invitations.create', { count: 1, role: 'user', days: 7 })),
      'not-authorised',
    );
    await home.signUp('gamma', { invitation: codes[0] as string });
  });

  test('are held by one of two sign-ups that race for them', async () => {
    const invitation = await home.invite();
    const [alpha, beta] = [await home.prepare('alpha', { invitation }), await home.prepare('beta', { invitation })];
    const codes = await Promise.all(
      [alpha, beta].map(({ registration }) => refusal(home.call(ANONYMOUS, 'accounts.register-finish', registration))),
    );
    assert.deepEqual(codes, [null, 'invitation-used']);
  });
});

describe('a genesis', () => {
  test('must be of the name, suite and cluster that were registered, with the policy key of all', async () => {
    await home.signUp('alpha');
    const { world, cluster } = home;
    const options = { suite: 'hybrid', ca: cluster.caFingerprint, policyKey: POLICY_KEY };
    for (const [name, account, code] of [
      ['beta', await world.account('other@example.org', options), 'chain-genesis-invalid'],
      ['gamma', await world.account('gamma@example.org', { ...options, suite: 'p384' }), 'chain-genesis-invalid'],
      ['delta', await world.account('delta@example.org', { ...options, ca: POLICY_KEY }), 'chain-genesis-invalid'],
      [
        'zeta',
        await world.account('zeta@example.org', { ...options, policyKey: cluster.caFingerprint }),
        'policy-key-mismatch',
      ],
      ['eta', await world.account('eta@example.org', options), 'device-unendorsed'],
    ] as const) {
      const signUp = await home.prepare(name);
      await home.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
      const session = await home.accountSession(signUp.address);
      const envelope = account.statements[0] as Envelope;
      assert.strictEqual(await refusal(home.call(session, 'accounts.genesis', { envelope })), code, name);
    }
  });

  test('is not followed by another', async () => {
    const signUp = await home.prepare('alpha');
    await home.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
    const session = await home.accountSession(signUp.address);
    await home.certify(session, signUp.account);
    await home.call(session, 'accounts.genesis', { envelope: signUp.account.statements[0] as Envelope });
    const other = await home.world.account(signUp.address, {
      ca: home.cluster.caFingerprint,
      policyKey: POLICY_KEY,
    });
    const envelope = other.statements[0] as Envelope;
    assert.strictEqual(await refusal(home.call(session, 'accounts.genesis', { envelope })), 'chain-genesis-invalid');
  });
});

describe('the last step', () => {
  test('is refused without genesis, with another bundle, with another kind of room or device; then nothing is kept', async () => {
    const signUp = await home.prepare('alpha');
    await home.call(ANONYMOUS, 'accounts.register-finish', signUp.registration);
    const session = await home.accountSession(signUp.address);
    await home.certify(session, signUp.account);
    const chat = await TestRoom.create(home.world, signUp.account);
    const { input } = await home.completion(signUp, { roaming: true });
    assert.strictEqual(await refusal(home.call(session, 'accounts.complete', input)), 'sign-up-incomplete');
    await home.call(session, 'accounts.genesis', { envelope: signUp.account.statements[0] as Envelope });
    const [add, set] = input.statements as [Envelope, Envelope];
    for (const [changed, code] of [
      [{ ...input, bundle: new Uint8Array(10) }, 'bundle-invalid'],
      [{ ...input, statements: [add] }, 'bundle-invalid'],
      [{ ...input, statements: [set, add] }, 'bundle-invalid'],
      [{ ...input, room: [...input.room].reverse() }, 'roster-invalid'],
      [{ ...input, room: chat.log.map(submission) }, 'roster-invalid'],
    ] as const) {
      assert.strictEqual(await refusal(home.call(session, 'accounts.complete', changed)), code);
    }
    assert.strictEqual((await home.call(session, 'accounts.state', {})).signUp?.step, 'enrolled');
    await home.call(session, 'accounts.complete', input);
  });
});

describe('certificates', () => {
  test('name the account and verify; a classic account has one of its user key too', async () => {
    const { account, session } = await home.signUp('alpha', { suite: 'classic' });
    const ca = await verifyAuthority(home.cluster.caCertificate, { primitives: home.world.primitives });
    const read = await home.call(session, 'certificates.read', { account: account.chain.fingerprint });
    const options = { primitives: home.world.primitives, ca, atMs: home.now() } as const;
    const device = await verifyCertificate(parseCertificate(read.devices[0] as Uint8Array), {
      ...options,
      profile: 'device',
    });
    assert.deepEqual(device.subjectNames, { profile: 'device', address: account.address, device: 'laptop' });
    const userKey = await verifyCertificate(parseCertificate(read.userKey as Uint8Array), {
      ...options,
      profile: 'user-key',
    });
    assert.strictEqual(userKey.subjectNames.address, account.address);
  });

  test('are renewed for the own keys alone', async () => {
    const { account, session } = await home.signUp('alpha');
    home.advance(80 * 24 * HOUR);
    const { certificate } = await home.certify(session, account);
    assert.isAbove(parseCertificate(certificate).notAfterMs, home.now() + 89 * 24 * HOUR);
    const stranger = await makeDevice(account.suite, { name: 'laptop', kind: 'keybox' });
    const csr = await createRequest(await keySigner(home.world.primitives, 'ed25519', stranger.certificate));
    const input = { name: 'laptop' as DeviceName, csr, userKey: null };
    assert.strictEqual(await refusal(home.call(session, 'devices.certify', input)), 'not-authorised');
  });

  test('are not issued without limit', async () => {
    const { account, session } = await home.signUp('alpha');
    const codes: (string | null)[] = [];
    for (let i = 0; i < 50; i++) codes.push(await refusal(home.certify(session, account)));
    assert.strictEqual(codes.at(-1), 'quota-exceeded');
    home.advance(25 * HOUR);
    assert.isNull(await refusal(home.certify(session, account)));
  });
});

test('a stolen database holds no invitation code and no passphrase', async () => {
  const invitation = await home.invite();
  await home.signUp('alpha', { invitation });
  const rows = await home.store.read((database) => database.selectFrom('invitations').selectAll().execute());
  assert.isTrue(rows.every((row) => row.code_hash.length === 32));
  assert.isTrue(equal((rows[0] as { code_hash: Uint8Array }).code_hash, sha256(new TextEncoder().encode(invitation))));
});

function includes(bytes: Uint8Array, part: Uint8Array): boolean {
  return Buffer.from(bytes).includes(part);
}

const HOUR = 3600 * 1000;
