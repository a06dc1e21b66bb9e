import { join } from 'node:path';
import { createAccount, KeyBox, type NewAccount, type OpenSession, resolveAddress, unlockAccount } from '@sotto/keybox';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { Crash } from './crash.fixture.ts';
import { movableClock, newAccount, PASSPHRASE, startHome, type TestHome, testPlatform } from './home.fixture.ts';
import { refuses } from './refuses.fixture.ts';
import { DirectoryStorage } from './storage.ts';

let home: TestHome;
let owner: OpenSession;
const clock = movableClock();
const platform = testPlatform({ clock });

beforeAll(async () => {
  home = await startHome({ clock });
  owner = await createAccount(
    platform,
    storageOf('owner'),
    newAccount('owner@localhost', home.server.invitation ?? ''),
  );
});

afterAll(async () => {
  await owner.close();
  await home[Symbol.asyncDispose]();
});

function storageOf(name: string): DirectoryStorage {
  return new DirectoryStorage(join(home.directory, name));
}

async function invite(): Promise<string> {
  const [link] = await new KeyBox(owner).createInvitations(1);
  return link as string;
}

describe('sign-up', () => {
  test('a bare name gets the domain of the invitation', async () => {
    const invitation = await invite();
    assert.strictEqual(await resolveAddress(platform, { name: 'Alice', invitation }), 'alice@localhost');
    await refuses(resolveAddress(platform, { name: 'alice@example.org', invitation }), 'address-malformed');
    await refuses(resolveAddress(platform, { name: 'a b', invitation }), 'address-malformed');
    const swapped = invitation.replace(/ca=./, (match) => `ca=${match.endsWith('0') ? '1' : '0'}`);
    await refuses(resolveAddress(platform, { name: 'alice', invitation: swapped }), 'certificate-issuer');
  });

  test.each([
    { suite: 'classic', roaming: true, vault: 'normal' },
    { suite: 'hybrid', roaming: true, vault: 'advanced' },
  ] as const)('$suite with roaming and a $vault vault', async ({ suite, roaming, vault }) => {
    const name = `${suite}-${vault}`;
    const storage = storageOf(name);
    const steps: string[] = [];
    const vaultPassphrase = vault === 'advanced' ? 'Battery staple 2' : undefined;
    const more = { suite, roaming, vault, vaultPassphrase, progress: (step: string) => void steps.push(step) };
    const session = await createAccount(platform, storage, newAccount(`${name}@localhost`, await invite(), more));
    const devices = (await new KeyBox(session).showAccount()).devices.map(({ kind }) => kind);
    assert.deepEqual(devices, ['keybox', 'roaming']);
    assert.strictEqual(session.identity.userKeyCertificate !== null, suite === 'classic');
    assert.deepEqual(await session.link.call('accounts.self', {}), { role: 'user' });
    assert.deepEqual(steps, STEPS);
    await session.close();
    const again = await unlockAccount(platform, storage, { passphrase: PASSPHRASE, vaultPassphrase });
    assert.strictEqual((await new KeyBox(again).sync()).online, true);
    await again.close();
  });

  test('refusals of invitation and name leave nothing behind', async () => {
    const invitation = await invite();
    const taken = newAccount('owner@localhost', invitation);
    await refuses(createAccount(platform, storageOf('thief'), taken), 'address-taken');
    const alike = newAccount('0wner@localhost', invitation);
    await refuses(createAccount(platform, storageOf('alike'), alike), 'address-look-alike');
    const weak = newAccount('weak@localhost', invitation, { passphrase: 'password' });
    await refuses(createAccount(platform, storageOf('weak'), weak), 'passphrase-too-weak');
    const session = await createAccount(platform, storageOf('fine'), newAccount('fine@localhost', invitation));
    await session.close();
    const used = newAccount('late@localhost', invitation);
    await refuses(createAccount(platform, storageOf('late'), used), 'invitation-used');
    await refuses(createAccount(platform, storageOf('late'), used), 'invitation-used');
    const fresh = await createAccount(platform, storageOf('late'), newAccount('late@localhost', await invite()));
    await fresh.close();
    await refuses(createAccount(platform, storageOf('late'), used), 'account-exists');
  });

  test('another passphrase does not go on with a sign-up', async () => {
    const storage = storageOf('typo');
    const options = newAccount('typo@localhost', await invite());
    await stopAt('vault', storage, options);
    await refuses(createAccount(platform, storage, { ...options, passphrase: 'Wrong horse 1' }), 'wrong-passphrase');
    await refuses(unlockAccount(platform, storage, { passphrase: PASSPHRASE }), 'no-account');
    const session = await createAccount(platform, storage, options);
    await session.close();
  });

  test.each(['vault', 'genesis'])('a reservation that ended at the step %s is made anew', async (step) => {
    const storage = storageOf(`slow-${step}`);
    const options = newAccount(`slow.${step}@localhost`, await invite());
    await stopAt(step, storage, options);
    clock.skip(2 * 3600 * 1000);
    const session = await createAccount(platform, storage, options);
    assert.deepEqual(await new KeyBox(session).sync(), { online: true, faults: [] });
    await session.close();
  });

  async function stopAt(step: string, storage: DirectoryStorage, options: NewAccount): Promise<void> {
    const progress = (reached: string): void => {
      if (reached === step) throw new Error('stopped');
    };
    const stopped = await createAccount(platform, storage, { ...options, progress }).catch((cause) => cause);
    assert.strictEqual(stopped.message, 'stopped');
  }

  test('the owner makes the policy key, and keeps it', async () => {
    const [row] = await owner.keys.query<{ value: Uint8Array }>("SELECT value FROM meta WHERE name = 'policy-key'");
    assert.isAbove(row?.value.length ?? 0, 32);
  });
});

describe('a sign-up that is killed', () => {
  test('at any step goes on to a working account', async () => {
    const options = async (name: string) => newAccount(`${name}@localhost`, await invite(), { roaming: true });
    const whole = new Crash(0);
    const session = await createAccount(
      whole.platform(platform),
      whole.storage(storageOf('k-0')),
      await options('k.0'),
    );
    await session.close();
    assert.isAbove(whole.steps, 60);
    for (let at = 1; at <= whole.steps; at += STRIDE) await killedAt(at, await options(`k.${at}`));
  }, 600_000);
});

async function killedAt(at: number, options: NewAccount): Promise<void> {
  const crash = new Crash(at);
  const storage = storageOf(`k-${at}`);
  const killed = await createAccount(crash.platform(platform), crash.storage(storage), options).catch((cause) => cause);
  // The very last steps are frames that close channels, after which nothing is left to fail.
  if (!(killed instanceof Error)) await killed.close();
  const whole = (await storage.read('account')) !== null && (await storage.read('sign-up')) === null;
  const session = await (whole ? unlockAccount(platform, storage, options) : createAccount(platform, storage, options));
  const [own] = await session.keys.query<{ n: number }>('SELECT count(*) AS n FROM chain WHERE fingerprint = ?', [
    session.identity.fingerprint,
  ]);
  assert.strictEqual(own?.n, 3, `killed at step ${at}`);
  const synced = await new KeyBox(session).sync();
  assert.deepEqual(synced, { online: true, faults: [] }, `killed at step ${at}`);
  const rooms = await session.keys.query<{ id: Uint8Array }>('SELECT id FROM room');
  assert.deepEqual(rooms, [{ id: session.identity.accountRoom }]);
  await session.close();
  assert.strictEqual(await storage.read('sign-up'), null);
}

/** Every step is tried where SOTTO_EVERY_STEP is set, every seventh otherwise. */
const STRIDE = process.env['SOTTO_EVERY_STEP'] === '1' ? 1 : 15;
const STEPS = ['invitation', 'registration', 'sign-in', 'vault', 'certificate', 'genesis', 'account-room', 'done'];
