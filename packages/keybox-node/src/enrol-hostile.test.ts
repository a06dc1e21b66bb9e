import { sha256 } from '@sotto/crypto';
import { KeyBox, lockAccount, signInAccount, unlockAccount } from '@sotto/keybox';
import { type Envelope, type OperationOutput, type Operations, type Statement, signStatement } from '@sotto/protocol';
import { makeDevice } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { type EnrolmentTown, startTown, synced } from './enrol.fixture.ts';
import { PASSPHRASE, startHome } from './home.fixture.ts';
import { refuses } from './refuses.fixture.ts';

let town: EnrolmentTown;
type ChainPage = OperationOutput<Operations['chains.read']>;

beforeAll(async () => {
  town = await startTown();
});

afterAll(() => town[Symbol.asyncDispose]());

/** A page that ends after some statements, with the head that such a server would show. */
function cut(page: ChainPage, length: number): ChainPage {
  const statements = page.statements.slice(0, length);
  const hash = sha256((statements.at(-1) as Envelope).signed);
  return { ...page, statements, head: { ...page.head, length, hash } };
}

/** One bit of a signature is another. */
function forged(page: ChainPage, at: number): ChainPage {
  const statements = page.statements.map((each, i) =>
    i === at
      ? { ...each, signatures: each.signatures.map((made) => made.map((byte, n) => (n === 9 ? byte ^ 1 : byte))) }
      : each,
  );
  return { ...page, statements };
}

test('what a server does to bundle, chain and rooms at a sign-in', async () => {
  const { lies, platform } = town;
  await town.join('vic', { roaming: true });
  const other = await town.join('oz', { roaming: true });
  const strange = await other.link.call('chains.read', { account: other.identity.fingerprint, from: 0 });
  const attacks: readonly (readonly [code: string, begin: () => () => void])[] = [
    [
      'open-failed',
      () => lies.tell('accounts.state', (state) => ({ ...state, bundle: state.bundle.map((b) => b ^ 1) })),
    ],
    ['open-failed', () => lies.tell('accounts.state', (state) => ({ ...state, suite: 1 }))],
    ['rollback', () => lies.tell('chains.read', (page) => cut(page, 1))],
    ['rollback', () => lies.tell('chains.read', (page) => cut(page, 2))],
    ['identity-conflict', () => lies.tell('chains.read', () => strange)],
    ['bad-signature', () => lies.tell('chains.read', (page) => forged(page, 1))],
    ['account-room-missing', () => lies.tell('rooms.list', () => ({ rooms: [] }))],
  ];
  for (const [i, [code, begin]] of attacks.entries()) {
    const end = begin();
    await refuses(signInAccount(platform, town.storage('vic-2'), town.place('vic')), code);
    end();
    assert.isNull(await town.storage('vic-2').read('account'), `attack ${i}`);
  }
  // The same machine, the honest server: everything is as if nothing had been tried.
  const second = await signInAccount(platform, town.storage('vic-2'), town.place('vic'));
  await synced(new KeyBox(second));
  const { devices } = await new KeyBox(second).showAccount();
  assert.deepEqual(
    devices.map(({ name, kind }) => `${name} ${kind}`),
    ['laptop keybox', 'roaming roaming', 'desk keybox'],
  );
  await second.close();
});

test('an older bundle, which a passphrase that was changed opened, is refused', async () => {
  const { lies, platform } = town;
  const first = await town.join('val', { roaming: true });
  let kept: Uint8Array | null = null;
  const keep = lies.tell('accounts.state', (state) => {
    kept = state.bundle;
    return state;
  });
  const second = await signInAccount(platform, town.storage('val-2'), town.place('val'));
  await second.close();
  keep();
  await new KeyBox(first).devices.changePassphrase({ passphrase: 'Another horse 2', roaming: 'on' });
  const end = lies.tell('accounts.state', (state) => ({ ...state, bundle: kept as Uint8Array }));
  const again = { ...town.place('val'), passphrase: 'Another horse 2' };
  await refuses(signInAccount(platform, town.storage('val-3'), again), 'open-failed');
  end();
  await refuses(signInAccount(platform, town.storage('val-3'), town.place('val')), 'wrong-passphrase');
  const third = await signInAccount(platform, town.storage('val-3'), again);
  await synced(new KeyBox(third));
  await third.close();
});

describe('D8: another authority', () => {
  beforeAll(async () => {
    const session = await town.join('una', { roaming: true });
    await session.close();
  });

  test('attack: the server shows a CA that is not the one its user was told', async () => {
    const wrong = { ...town.place('una'), caFingerprint: new Uint8Array(32) };
    await refuses(signInAccount(town.platform, town.storage('una-2'), wrong), 'certificate-issuer');
    assert.isNull(await town.storage('una-2').read('account'));
  });

  test('attack: another server of that name, with a CA of its own, answers where the account is at home', async () => {
    await lockAccount(town.storage('una'));
    await using impostor = await startHome();
    const { transport } = town.platform;
    const connect: typeof transport.connect = (target) => transport.connect({ ...target, origin: impostor.server.url });
    const diverted = { ...town.platform, transport: { ...transport, connect } };
    const unlocking = unlockAccount(diverted, town.storage('una'), { passphrase: PASSPHRASE });
    await refuses(unlocking, 'certificate-issuer');
  });

  test('control: the right one', async () => {
    await (await unlockAccount(town.platform, town.storage('una'), { passphrase: PASSPHRASE })).close();
    const session = await signInAccount(town.platform, town.storage('una-3'), town.place('una'));
    await session.close();
  });

  test('a server of another domain is none of this address', async () => {
    const place = town.place('una');
    const elsewhere = { ...place, address: 'una@elsewhere.example' as typeof place.address };
    await refuses(signInAccount(town.platform, town.storage('una-2'), elsewhere), 'certificate-mismatch');
  });
});

test('a device that the server made and no device of the account signed for is admitted by nobody', async () => {
  const session = await town.join('uri', { roaming: true });
  const { suite, fingerprint } = session.identity;
  const intruder = await makeDevice(suite, { name: 'intruder', kind: 'keybox' });
  const end = town.lies.tell('chains.read', async (page) => {
    const { length, hash } = page.head;
    const body = { device: intruder.description, generation: 0, sealedSeed: new Uint8Array(64), expiresAt: null };
    const frame = {
      v: 1,
      suite: suite.id,
      account: fingerprint,
      seq: length,
      prev: hash,
      at: town.clock.now(),
    } as const;
    const statement: Statement = { ...frame, type: 'device.add', signers: [intruder.id], body };
    const added = await signStatement(suite, statement, [intruder.signing]);
    return {
      ...page,
      statements: [...page.statements, added],
      head: { ...page.head, length: length + 1, hash: sha256(added.signed) },
    };
  });
  await refuses(signInAccount(town.platform, town.storage('uri-2'), town.place('uri')), 'chain-signer-invalid');
  end();
  const second = await signInAccount(town.platform, town.storage('uri-2'), town.place('uri'));
  await second.close();
});
