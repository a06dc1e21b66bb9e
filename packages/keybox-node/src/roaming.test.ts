import { join } from 'node:path';
import { createAccount, KeyBox, type OpenSession, signInAccount, unlockAccount } from '@sotto/keybox';
import { type Address, parseDeviceName } from '@sotto/protocol';
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

async function signUp(name: string, more: Parameters<typeof newAccount>[2] = {}): Promise<OpenSession> {
  const [invitation] = await new KeyBox(owner).createInvitations(1);
  const options = newAccount(`${name}@localhost`, invitation as string, { roaming: true, ...more });
  return createAccount(platform, storageOf(name), options);
}

function onNewMachine(name: string, more: object = {}) {
  return {
    address: `${name}@localhost` as Address,
    server: home.server.url,
    caFingerprint: null,
    deviceName: parseDeviceName('laptop'),
    vault: 'normal',
    passphrase: PASSPHRASE,
    ...more,
  } as const;
}

describe('roaming sign-in', () => {
  test.each([
    { suite: 'hybrid', vault: 'normal' },
    { suite: 'classic', vault: 'advanced' },
  ] as const)('$suite, with a $vault vault', async ({ suite, vault }) => {
    const name = `roam-${suite}`;
    const vaultPassphrase = vault === 'advanced' ? 'Battery staple 2' : undefined;
    const first = await signUp(name, { suite });
    await first.close();
    const storage = storageOf(`${name}-2`);
    const second = await signInAccount(platform, storage, onNewMachine(name, { vault, vaultPassphrase }));
    assert.deepEqual(await new KeyBox(second).sync(), { online: true, faults: [] });
    const names = (await new KeyBox(second).showAccount()).devices.map((device) => device.name);
    assert.deepEqual(names, ['laptop', 'roaming', 'laptop-2']);
    await second.close();
    const again = await unlockAccount(platform, storage, { passphrase: PASSPHRASE, vaultPassphrase });
    assert.strictEqual((await new KeyBox(again).sync()).online, true);
    await again.close();
    await refuses(signInAccount(platform, storage, onNewMachine(name)), 'account-exists');
  });

  test('wrong passphrase and unknown account are refused alike, and leave nothing behind', async () => {
    const first = await signUp('quiet');
    await first.close();
    const storage = storageOf('quiet-2');
    await refuses(
      signInAccount(platform, storage, onNewMachine('quiet', { passphrase: 'Wrong horse 1' })),
      'wrong-passphrase',
    );
    await refuses(signInAccount(platform, storage, onNewMachine('nobody')), 'wrong-passphrase');
    assert.isNull(await storage.read('enrolment'));
  });

  test('an account without roaming takes no device so', async () => {
    const first = await signUp('home-only', { roaming: false });
    await first.close();
    await refuses(signInAccount(platform, storageOf('home-only-2'), onNewMachine('home-only')), 'roaming-off');
  });
});

describe('a roaming sign-in that is killed', () => {
  test('at any step goes on, and leaves one new device in the chain', async () => {
    const first = await signUp('k');
    await first.close();
    const whole = new Crash(0);
    const session = await signInAccount(whole.platform(platform), whole.storage(storageOf('k-0')), onNewMachine('k'));
    await session.close();
    assert.isAbove(whole.steps, 60);
    let devices = 3;
    for (let at = 1; at <= whole.steps; at += STRIDE) {
      if (devices > 20) break;
      await killedAt(at, ++devices);
    }
  }, 600_000);
});

async function killedAt(at: number, devices: number): Promise<void> {
  const crash = new Crash(at);
  const storage = storageOf(`k-${at}`);
  const options = onNewMachine('k');
  const killed = await signInAccount(crash.platform(platform), crash.storage(storage), options).catch((cause) => cause);
  if (!(killed instanceof Error)) await killed.close();
  const whole = (await storage.read('account')) !== null && (await storage.read('enrolment')) === null;
  const session = await (whole ? unlockAccount(platform, storage, options) : signInAccount(platform, storage, options));
  const box = new KeyBox(session);
  assert.deepEqual(await box.sync(), { online: true, faults: [] }, `killed at step ${at}`);
  assert.lengthOf((await box.showAccount()).devices, devices, `killed at step ${at}`);
  await session.close();
  assert.isNull(await storage.read('enrolment'));
}

/** Every step is tried where SOTTO_EVERY_STEP is set, every seventh otherwise. */
const STRIDE = process.env['SOTTO_EVERY_STEP'] === '1' ? 1 : 15;
