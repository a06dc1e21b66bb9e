import { copyFileSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { parseUtf8, utf8 } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import {
  checkVault,
  createAccount,
  KeyBox,
  lockAccount,
  type OpenSession,
  reopenAccount,
  unlockAccount,
} from '@sotto/keybox';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { movableClock, newAccount, type OwnerHome, PASSPHRASE, startOwnerHome, testPlatform } from './home.fixture.ts';
import { refuses } from './refuses.fixture.ts';
import { DirectoryStorage } from './storage.ts';

let home: OwnerHome;
let directory: string;
let storage: DirectoryStorage;
const platform = testPlatform();

beforeAll(async () => {
  home = await startOwnerHome(platform);
  ({ storage } = home);
  directory = join(home.directory, 'owner');
});

afterAll(() => home[Symbol.asyncDispose]());

const unlocked = (work?: (session: OpenSession) => Promise<void>): Promise<void> => home.unlocked(work);
const offline = (work: () => Promise<void>): Promise<void> => home.offline(work);

describe('unlocking', () => {
  test('asks the server for what the offline wrap does not open', async () => {
    await refuses(unlockAccount(platform, storage, { passphrase: 'Wrong horse 1' }), 'wrong-passphrase');
    await unlocked();
    await lockAccount(storage);
    assert.strictEqual(await storage.read('offline'), null);
    await unlocked();
    assert.notStrictEqual(await storage.read('offline'), null);
  });

  test('without the server takes the offline wrap and nothing else', async () => {
    await offline(async () => {
      await unlocked(async (session) => {
        assert.strictEqual((await new KeyBox(session).sync()).online, false);
        await refuses(session.link.call('accounts.self', {}), 'unreachable');
      });
      await refuses(unlockAccount(platform, storage, { passphrase: 'Wrong horse 1' }), 'wrong-passphrase');
      await lockAccount(storage);
      await refuses(unlockAccount(platform, storage, { passphrase: PASSPHRASE }), 'vault-needs-server');
    });
    await unlocked();
  });

  test('the offline wrap ends thirty days after the last sign-in, and with a clock that was put back', async () => {
    const clock = movableClock();
    await offline(async () => {
      clock.skip(29 * DAY_MILLISECONDS);
      const session = await unlockAccount(testPlatform({ clock }), storage, { passphrase: PASSPHRASE });
      await session.close();
      clock.skip(DAY_MILLISECONDS);
      await refuses(unlockAccount(testPlatform({ clock }), storage, { passphrase: PASSPHRASE }), 'vault-needs-server');
      clock.skip(-40 * DAY_MILLISECONDS);
      await refuses(unlockAccount(testPlatform({ clock }), storage, { passphrase: PASSPHRASE }), 'vault-needs-server');
    });
  });

  test('an address that has no vault', async () => {
    const nothing = new DirectoryStorage(join(home.directory, 'nobody'));
    await refuses(unlockAccount(platform, nothing, { passphrase: PASSPHRASE }), 'no-account');
    await refuses(lockAccount(nothing), 'no-account');
    assert.isFalse(readdirSync(home.directory).includes('nobody'));
  });

  test('an advanced vault opens with its own passphrase, here and offline', async () => {
    const session = await unlockAccount(platform, storage, { passphrase: PASSPHRASE });
    const [invitation] = await new KeyBox(session).createInvitations(1);
    await session.close();
    const advanced = new DirectoryStorage(join(home.directory, 'advanced'));
    const vaultPassphrase = 'Battery staple 2';
    const more = { vault: 'advanced', vaultPassphrase } as const;
    const made = await createAccount(platform, advanced, newAccount('advanced@localhost', invitation ?? '', more));
    await made.close();
    assert.strictEqual(await advanced.read('offline'), null);
    await offline(async () => {
      const again = await unlockAccount(platform, advanced, { passphrase: PASSPHRASE, vaultPassphrase });
      await again.close();
      await refuses(unlockAccount(platform, advanced, { passphrase: PASSPHRASE }), 'locked');
      const wrong = { passphrase: PASSPHRASE, vaultPassphrase: 'Wrong staple 2' };
      await refuses(unlockAccount(platform, advanced, wrong), 'wrong-passphrase');
    });
  });
});

describe('taking over from a program that ended', () => {
  test('opens the vault by its secret alone, and speaks to the server as the same device', async () => {
    const first = await unlockAccount(platform, storage, { passphrase: PASSPHRASE });
    using secret = first.vaultSecret();
    const { deviceId } = first.identity;
    await first.close();
    await offline(async () => {
      const second = await reopenAccount(platform, storage, secret);
      assert.deepEqual(second.identity.deviceId, deviceId);
      await second.close();
    });
    const third = await reopenAccount(platform, storage, secret);
    assert.isTrue((await new KeyBox(third).sync()).online);
    using again = third.vaultSecret();
    await third.close();
    assert.deepEqual(again.unsafeExpose('compared'), secret.unsafeExpose('compared'));
  });

  test('is refused with a secret that opens nothing here', async () => {
    using other = new Secret(new Uint8Array(32).fill(7));
    await refuses(reopenAccount(platform, storage, other), 'locked');
    await refuses(reopenAccount(platform, new DirectoryStorage(join(home.directory, 'nobody')), other), 'no-account');
    await unlocked();
  });
});

describe('L1: files of the vault that were put back or taken away', () => {
  test('control: untouched, it opens', async () => {
    await unlocked();
    await unlocked(async (session) => {
      assert.strictEqual((await new KeyBox(session).sync()).online, true);
    });
  });

  test.each(['keys', 'contacts', 'history'])('attack with an older copy of the part %s', async (name) => {
    const part = join(directory, `${name}.db`);
    copyFileSync(part, `${part}.old`);
    await unlocked();
    await swapped(`${part}.old`, part, 'vault-rolled-back');
  });

  test('attack with an older copy of the keystore', async () => {
    const file = join(directory, 'keystore');
    copyFileSync(file, `${file}.old`);
    await unlocked();
    await unlocked();
    await swapped(`${file}.old`, file, 'vault-rolled-back');
  });

  test.each(['keys.db', 'history.db'])('attack: %s is missing or empty, which is never a first run', async (name) => {
    const file = join(directory, name);
    for (const content of [null, new Uint8Array()]) {
      renameSync(file, `${file}.whole`);
      if (content !== null) writeFileSync(file, content);
      const refused = refuses(unlockAccount(platform, storage, { passphrase: PASSPHRASE }), 'vault-damaged');
      await refused.finally(() => renameSync(`${file}.whole`, file));
    }
    await unlocked();
  });

  async function swapped(copy: string, file: string, code: string): Promise<void> {
    renameSync(file, `${file}.newest`);
    copyFileSync(copy, file);
    const refused = refuses(unlockAccount(platform, storage, { passphrase: PASSPHRASE }), code);
    await refused.finally(() => renameSync(`${file}.newest`, file));
    await unlocked();
  }
});

describe('a vault that was tampered with', () => {
  test.each(['keys.db', 'history.db', 'keystore', 'account'])('%s missing, empty, damaged', async (name) => {
    const file = join(directory, name);
    const whole = readFileSync(file);
    const damaged = Uint8Array.from(whole, (byte, at) => (at % 97 === 11 ? byte ^ 1 : byte));
    for (const content of [null, new Uint8Array(), damaged]) {
      renameSync(file, `${file}.whole`);
      if (content !== null) writeFileSync(file, content);
      await refuses(unlockAccount(platform, storage, { passphrase: PASSPHRASE }), 'vault-damaged');
      renameSync(`${file}.whole`, file);
    }
    await unlocked();
  });

  test('an account file that says another generation of facts', async () => {
    const file = join(directory, 'account');
    const whole = readFileSync(file);
    const at = whole.indexOf('fingerprint') + 'fingerprint'.length + 6;
    writeFileSync(
      file,
      Uint8Array.from(whole, (byte, i) => (i === at ? byte ^ 1 : byte)),
    );
    await refuses(unlockAccount(platform, storage, { passphrase: PASSPHRASE }), 'vault-damaged');
    writeFileSync(file, whole);
    await unlocked();
  });
});

describe('what lies on the disk', () => {
  test('is proven to be ciphertext', async () => {
    await unlocked(async (session) => {
      const { encrypted, parts } = await checkVault(platform, storage, session);
      assert.isTrue(encrypted, JSON.stringify(parts));
      const names = parts.map(({ name }) => name);
      assert.deepEqual(names, ['keys', 'contacts', 'history', 'keystore', 'device.p12']);
      for (const part of parts) {
        assert.deepInclude(part, { opensWithWrongKey: false, inTheClear: false });
        assert.isAbove(part.sizeBytes, 0);
      }
    });
  });

  test('a part in the clear is found out', async () => {
    await unlocked(async (session) => {
      const plain = { ...platformStorage(), inspectPart: async () => plainInspection(session) };
      const { encrypted, parts } = await checkVault(platform, plain, session);
      assert.isFalse(encrypted);
      assert.match(parts[0]?.evidence ?? '', /header.*random.*marker.*without a key/);
      assert.deepInclude(parts[0], { inTheClear: true, opensWithoutKey: true });
      assert.isBelow(parts[0]?.entropyBits ?? 8, 7.5);
    });
  });

  test('belongs to its owner alone', () => {
    assert.strictEqual(statSync(directory).mode & 0o777, 0o700);
    const modes = readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777);
    assert.deepEqual(new Set(modes), new Set([0o600]));
  });

  function platformStorage() {
    return {
      read: storage.read.bind(storage),
      replace: storage.replace.bind(storage),
      remove: storage.remove.bind(storage),
      hasPart: storage.hasPart.bind(storage),
      createPart: storage.createPart.bind(storage),
      openPart: storage.openPart.bind(storage),
      erase: storage.erase.bind(storage),
      pathOf: storage.pathOf.bind(storage),
    };
  }

  async function plainInspection({ keys }: OpenSession) {
    const [row] = await keys.query<{ value: Uint8Array }>("SELECT value FROM meta WHERE name = 'canary'");
    const raw = utf8(`SQLite format 3\0${parseUtf8(row?.value ?? new Uint8Array())}`);
    return { path: 'plain', raw, opensWithoutKey: true, opensWithWrongKey: true };
  }
});

describe('certificates', () => {
  test('are renewed in their last thirty days, in the background of a command', async () => {
    const clock = movableClock();
    clock.skip(61 * DAY_MILLISECONDS);
    const before = readFileSync(join(directory, 'device.p12'));
    await lockAccount(storage);
    const session = await unlockAccount(testPlatform({ clock }), storage, { passphrase: PASSPHRASE });
    const box = new KeyBox(session);
    await session.link.call('accounts.self', {});
    while ((await box.keyLog()).length === 0) await setTimeout(10);
    const [entry] = await box.keyLog();
    assert.deepInclude(entry, { kind: 'certificate', code: null });
    await session.close();
    assert.notDeepEqual(readFileSync(join(directory, 'device.p12')), before);
    await unlocked(async ({ identity }) => {
      await identity.certificateKey();
    });
  });
});

const DAY_MILLISECONDS = 24 * 3600 * 1000;

test('offline unlocking ends when the policy says so, and never begins where it forbids it', async () => {
  const clock = movableClock();
  const later = testPlatform({ clock });
  const open = async (): Promise<OpenSession> => unlockAccount(later, storage, { passphrase: PASSPHRASE });
  const setDays = (offlineUnlockDays: number): Promise<void> =>
    unlocked(async (session) => void (await new KeyBox(session).admin.setPolicy({ offlineUnlockDays })));
  await setDays(2);
  await lockAccount(storage);
  await unlocked();
  await offline(async () => {
    clock.skip(47 * 3600 * 1000);
    await (await open()).close();
    clock.skip(2 * 3600 * 1000);
    await refuses(open(), 'vault-needs-server');
  });
  await setDays(0);
  await unlocked();
  assert.strictEqual(await storage.read('offline'), null);
  await offline(async () => refuses(unlocked(), 'vault-needs-server'));
  await setDays(30);
});

test('a suite module that the policy does not name opens nothing', async () => {
  const hash = new Uint8Array(32).fill(7);
  const withModule = { ...platform, suiteModules: [hash] };
  const open = async (): Promise<void> =>
    (await unlockAccount(withModule, storage, { passphrase: PASSPHRASE })).close();
  await unlocked(async (session) => void (await new KeyBox(session).admin.setPolicy({ suiteModules: [] })));
  await refuses(open(), 'policy-forbids');
  await unlocked(async (session) => void (await new KeyBox(session).admin.setPolicy({ suiteModules: [hash] })));
  await open();
  await unlocked(async (session) => void (await new KeyBox(session).admin.setPolicy({ suiteModules: null })));
});
