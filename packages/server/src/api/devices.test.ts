import { sha256 } from '@sotto/crypto';
import type { Envelope } from '@sotto/protocol';
import { signStatement, statement } from '@sotto/protocol';
import {
  addDevice,
  changeUserKey,
  draftStatement,
  extendAccount,
  firstDevice,
  makeDevice,
  revokeDevice,
  type TestAccount,
  type TestDevice,
} from '@sotto/testing';
import { afterEach, assert, beforeEach, describe, test } from 'vitest';
import type { Session } from '../handler.ts';
import { ANONYMOUS, refusal, TestHome, type TestMember } from '../home.fixture.ts';

let home: TestHome;
let alpha: TestMember;
beforeEach(async () => {
  home = await TestHome.open();
  alpha = await home.signUp('alpha');
  home.events.length = 0;
});
afterEach(() => home.close());

describe('chains.append', () => {
  test('takes a device once, however often it is sent, and one of two that race', async () => {
    const phone = await addDevice(home.world, alpha.account, { name: 'phone' });
    const tablet = await addDevice(home.world, alpha.account, { name: 'tablet' });
    const sent = newest(phone);
    const [first, second] = [await append(alpha.session, sent), await append(alpha.session, sent)];
    assert.strictEqual(first.head.length, phone.chain.hashes.length);
    assert.deepEqual(first.head.hash, second.head.hash);
    assert.strictEqual(await refusal(append(alpha.session, newest(tablet))), 'chain-stale');
    assert.deepEqual(
      home.events.map(({ event }) => event.event),
      ['chain'],
    );
  });

  test('takes nothing of a stranger, and of nobody what no recovery device signed', async () => {
    const beta = await home.signUp('beta');
    const phone = await addDevice(home.world, alpha.account, { name: 'phone' });
    assert.strictEqual(await refusal(append(beta.session, newest(phone))), 'not-found');
    assert.strictEqual(await refusal(append(ANONYMOUS, newest(phone))), 'not-authorised');
    const kit = await addDevice(home.world, alpha.account, { name: 'kit', kind: 'recovery' });
    await append(alpha.session, newest(kit));
    const recovery = kit.devices.at(-1) as TestDevice;
    const fresh = await makeDevice(kit.suite, { name: 'fresh', kind: 'keybox' });
    const other = statement.parse(newest(await addDevice(home.world, kit, { name: 'other' })).signed);
    if (other.type !== 'device.add') return assert.fail();
    const body = { ...other.body, device: fresh.description };
    const draft = draftStatement(home.world, kit, { type: 'device.add', body });
    const signed = await signStatement(kit.suite, { ...draft, signers: [recovery.id] }, [recovery.signing]);
    assert.strictEqual(await refusal(append(ANONYMOUS, signed)), null);
  });

  test('takes new keys at a bounded pace, and what shuts a device out at any', async () => {
    let account = await addDevice(home.world, alpha.account, { name: 'phone' });
    await append(alpha.session, newest(account));
    const phone = account.devices.at(-1) as TestDevice;
    const rotated = async (): Promise<TestAccount> => {
      const { change, next } = await changeUserKey(home.world, account, account.devices);
      const rotate = draftStatement(home.world, account, { type: 'userkey.rotate', body: { change } });
      return { ...(await extendAccount(home.world, account, rotate)), ...next };
    };
    let code: string | null = null;
    for (let i = 0; i < 101 && code === null; i++) {
      const next = await rotated();
      code = await refusal(append(alpha.session, newest(next)));
      if (code === null) account = next;
    }
    assert.strictEqual(code, 'throttled');
    account = await revokeDevice(home.world, account, phone);
    assert.isNull(await refusal(append(alpha.session, newest(account))));
    assert.strictEqual(await refusal(append(alpha.session, newest(await rotated()))), 'throttled');
    home.advance(600_001);
    assert.isNull(await refusal(append(alpha.session, newest(await rotated()))));
  });

  test('takes no bundle, no genesis, and nothing that a revoked device signed', async () => {
    const genesis = alpha.account.statements[0] as Envelope;
    assert.strictEqual(await refusal(append(alpha.session, genesis)), 'not-authorised');
    assert.strictEqual(await refusal(append(alpha.session, newest(alpha.account))), 'not-authorised');
    const grown = await addDevice(home.world, alpha.account, { name: 'phone' });
    await append(alpha.session, newest(grown));
    const phone = grown.devices.at(-1) as TestDevice;
    const after = await revokeDevice(home.world, grown, phone);
    await append(alpha.session, newest(after));
    const { change } = await changeUserKey(home.world, after, after.devices);
    const draft = draftStatement(home.world, after, { type: 'userkey.rotate', body: { change } });
    const forged = await signStatement(after.suite, { ...draft, signers: [phone.id] }, [phone.signing]);
    assert.strictEqual(await refusal(append(alpha.session, forged)), 'chain-signer-invalid');
  });
});

describe('a revoked device', () => {
  let grown: TestAccount;
  let phone: Session & { kind: 'device' };
  beforeEach(async () => {
    grown = await addDevice(home.world, alpha.account, { name: 'phone' });
    await append(alpha.session, newest(grown));
    phone = { ...alpha.session, deviceId: (grown.devices.at(-1) as TestDevice).id };
  });

  test('learns of it from its own chain, and gets nothing else', async () => {
    const vault = { id: new Uint8Array(16), blob: new Uint8Array(80), exemption: new Uint8Array(32) };
    await home.call(phone, 'vaults.store', vault);
    home.open.push(
      { id: 7, identity: phone, since: 0, source: '' },
      { id: 8, identity: alpha.session, since: 0, source: '' },
    );
    const after = await revokeDevice(home.world, grown, grown.devices.at(-1) as TestDevice);
    await append(alpha.session, newest(after));
    assert.deepEqual(home.ended, [7]);
    const { fingerprint } = after.chain;
    const { statements } = await home.call(phone, 'chains.read', { account: fingerprint, from: 3 });
    assert.deepEqual(statements, [newest(after)]);
    assert.strictEqual(await refusal(home.call(phone, 'rooms.list', { after: null })), 'device-revoked');
    assert.strictEqual(await refusal(home.call(phone, 'vaults.store', vault)), 'device-revoked');
    const signedIn = await home.accountSession(alpha.account.address);
    assert.strictEqual(await refusal(home.call(signedIn, 'vaults.release', { id: vault.id })), 'not-found');
    const { devices } = await home.call(alpha.session, 'devices.list', {});
    assert.deepEqual(
      devices.map(({ device }) => device),
      [firstDevice(alpha.account).id],
    );
  });

  test('leaves every room of the account due a new era, until one names the new user key', async () => {
    const before = { ...alpha, account: grown };
    const room = await home.createRoom(before);
    await home.write(before, room);
    const after = await revokeDevice(home.world, grown, grown.devices.at(-1) as TestDevice);
    await append(alpha.session, newest(after));
    const member = { ...alpha, account: after };
    assert.strictEqual(await refusal(home.write(member, room)), 'rekey-due');
    await home.send(member, room, await room.startEra(after));
    assert.strictEqual(await refusal(home.write(member, room)), null);
  });
});

describe('a change of passphrase', () => {
  test('is taken whole, with the bundle that it names, and nothing else is', async () => {
    const { address } = alpha.account;
    const session = await home.accountSession(address);
    const before = await home.call(session, 'accounts.state', {});
    const bundle = home.world.primitives.randomBytes(300);
    const record = await home.register(address, (request) => home.call(alpha.session, 'passphrase.start', { request }));
    const envelope = await passphraseChange(bundle);
    const finish = (input: { readonly record: Uint8Array; readonly bundle: Uint8Array; readonly envelope: Envelope }) =>
      refusal(home.call(alpha.session, 'passphrase.finish', input));
    assert.strictEqual(await finish({ record, bundle: new Uint8Array(300), envelope }), 'bundle-invalid');
    const phone = newest(await addDevice(home.world, alpha.account, { name: 'phone' }));
    assert.strictEqual(await finish({ record, bundle, envelope: phone }), 'not-authorised');
    assert.strictEqual(await finish({ record: new Uint8Array(100), bundle, envelope }), 'opaque-malformed');
    assert.deepEqual(await home.call(session, 'accounts.state', {}), before);
    assert.strictEqual(await finish({ record, bundle, envelope }), null);
    assert.strictEqual(await finish({ record, bundle, envelope }), null);
    assert.deepEqual((await home.call(session, 'accounts.state', {})).bundle, bundle);
  });
});

test('nobody tries passphrases by choosing new ones: not a device, not an invitation', async () => {
  const register = (name: string, start: Parameters<TestHome['register']>[1]) =>
    home.register(`${name}@example.org` as TestAccount['address'], start);
  const invitation = await home.invite();
  const starts: readonly [string, Parameters<TestHome['register']>[1]][] = [
    ['alpha', (request) => home.call(alpha.session, 'passphrase.start', { request })],
    [
      'later',
      (request) => {
        const address = 'later@example.org' as TestAccount['address'];
        return home.call(ANONYMOUS, 'accounts.register-start', { invitation, address, request });
      },
    ],
  ];
  for (const [name, start] of starts) {
    const codes: (string | null)[] = [];
    for (let i = 0; i < 61; i++) codes.push(await refusal(register(name, start)));
    assert.deepEqual([codes.indexOf('throttled'), codes[0]], [60, null], name);
    home.advance(300_001);
    assert.isNull(await refusal(register(name, start)));
  }
});

test('a vault secret that is replaced stays until the new one is confirmed', async () => {
  const [id, exemption] = [new Uint8Array(16).fill(1), new Uint8Array(32).fill(2)];
  const [old, fresh] = [new Uint8Array(80).fill(3), new Uint8Array(80).fill(4)];
  const session = await home.accountSession(alpha.account.address);
  const blobs = async () => (await home.call(session, 'vaults.release', { id })).blobs;
  const put = (blob: Uint8Array) => home.call(alpha.session, 'vaults.store', { id, blob, exemption });
  await put(old);
  await put(old);
  assert.deepEqual(await blobs(), [old]);
  await put(fresh);
  assert.deepEqual(await blobs(), [fresh, old]);
  const unknown = { id, blob: sha256(new Uint8Array(1)) };
  assert.strictEqual(await refusal(home.call(alpha.session, 'vaults.confirm', unknown)), 'not-found');
  await home.call(alpha.session, 'vaults.confirm', { id, blob: sha256(fresh) });
  await home.call(alpha.session, 'vaults.confirm', { id, blob: sha256(fresh) });
  assert.deepEqual(await blobs(), [fresh]);
  const beta = await home.signUp('beta');
  await home.call(beta.session, 'vaults.store', { id, blob: old, exemption });
  assert.deepEqual(await blobs(), [fresh]);
});

function append(session: Session, envelope: Envelope) {
  return home.call(session, 'chains.append', { envelope });
}

function newest({ statements }: TestAccount): Envelope {
  return statements.at(-1) as Envelope;
}

async function passphraseChange(bundle: Uint8Array): Promise<Envelope> {
  const { account } = alpha;
  const { change } = await changeUserKey(home.world, account, account.devices);
  const body = { roaming: null, change, bundle: { version: 9, hash: sha256(bundle) } };
  const draft = draftStatement(home.world, account, { type: 'passphrase.change', body });
  return signStatement(account.suite, draft, [firstDevice(account).signing]);
}
