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

describe('Rx1: an older or another account at a sign-in on a new machine', () => {
  let strange: ChainPage;

  beforeAll(async () => {
    await town.join('vic', { roaming: true });
    const other = await town.join('oz', { roaming: true });
    strange = await other.link.call('chains.read', { account: other.identity.fingerprint, from: 0 });
  });

  test.each<[what: string, code: string, begin: () => () => void]>([
    ['the genesis alone', 'rollback', () => town.lies.tell('chains.read', (page) => cut(page, 1))],
    ['a sigchain from before the bundle', 'rollback', () => town.lies.tell('chains.read', (page) => cut(page, 2))],
    ['another account', 'identity-conflict', () => town.lies.tell('chains.read', () => strange)],
    [
      'no room of the account itself',
      'account-room-missing',
      () => town.lies.tell('rooms.list', () => ({ rooms: [] })),
    ],
  ])('attack with %s', async (_what, code, begin) => {
    const end = begin();
    try {
      await refuses(signInAccount(town.platform, town.storage('vic-2'), town.place('vic')), code);
    } finally {
      end();
    }
    assert.isNull(await town.storage('vic-2').read('account'));
  });

  test('a bundle or statements that were altered open nothing', async () => {
    for (const [code, begin] of [
      ['open-failed', () => altered((state) => ({ ...state, bundle: state.bundle.map((byte) => byte ^ 1) }))],
      ['open-failed', () => altered((state) => ({ ...state, suite: 1 }))],
      ['bad-signature', () => town.lies.tell('chains.read', (page) => forged(page, 1))],
    ] as const) {
      const end = begin();
      await refuses(signInAccount(town.platform, town.storage('vic-3'), town.place('vic')), code);
      end();
    }
  });

  test('control: the honest server, on the same machine, as if nothing had been tried', async () => {
    const second = await signInAccount(town.platform, town.storage('vic-4'), town.place('vic'));
    await synced(new KeyBox(second));
    const { devices } = await new KeyBox(second).showAccount();
    assert.includeMembers(
      devices.map(({ name, kind }) => `${name} ${kind}`),
      ['laptop keybox', 'roaming roaming'],
    );
    await second.close();
  });
});

function altered(lie: Parameters<typeof town.lies.tell<'accounts.state'>>[1]): () => void {
  return town.lies.tell('accounts.state', lie);
}

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
