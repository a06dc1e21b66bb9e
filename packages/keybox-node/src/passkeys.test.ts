import { join } from 'node:path';
import { decodeCbor, hex } from '@sotto/bytes';
import {
  addPasskey,
  createAccount,
  KeyBox,
  listPasskeys,
  lockAccount,
  type OpenSession,
  removePasskey,
  unlockByPasskey,
} from '@sotto/keybox';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { movableClock, newAccount, type OwnerHome, startOwnerHome, testPlatform } from './home.fixture.ts';
import { refuses } from './refuses.fixture.ts';
import { DirectoryStorage } from './storage.ts';

let home: OwnerHome;
let storage: DirectoryStorage;
const platform = testPlatform();

beforeAll(async () => {
  home = await startOwnerHome(platform);
  ({ storage } = home);
});

afterAll(() => home[Symbol.asyncDispose]());

const unlocked = (work?: (session: OpenSession) => Promise<void>): Promise<void> => home.unlocked(work);
const offline = (work: () => Promise<void>): Promise<void> => home.offline(work);

const credentialId = new Uint8Array(20).fill(1);
const [salt, prf] = [new Uint8Array(32).fill(2), new Uint8Array(32).fill(3)];
const passkey = { credentialId, salt, prf, name: 'Yellow key' };
const add = (more: Partial<typeof passkey> = {}): Promise<void> =>
  unlocked((session) => addPasskey(platform, storage, { session, passkey: { ...passkey, ...more } }));
const open = async (more: Partial<typeof passkey> = {}, on = platform): Promise<void> =>
  (await unlockByPasskey(on, storage, { ...passkey, ...more })).close();
const remove = (id = credentialId): Promise<void> => unlocked((session) => removePasskey(storage, session, id));
const invite = async (): Promise<string> => {
  let invitation = '';
  await unlocked(async (session) => {
    [invitation = ''] = await new KeyBox(session).createInvitations(1);
  });
  return invitation;
};
const names = async (): Promise<string[]> => (await listPasskeys(storage)).map(({ name }) => name);

test('opens the vault without the server, and is listed before', async () => {
  await add();
  assert.deepEqual(await names(), ['Yellow key']);
  assert.deepInclude((await listPasskeys(storage))[0], { credentialId, salt });
  await lockAccount(storage);
  await offline(async () => open());
});

test('is refused with another answer, for another vault, and unknown', async () => {
  await refuses(open({ prf: new Uint8Array(32).fill(4) }), 'wrong-passkey');
  await refuses(open({ prf: new Uint8Array(16) }), 'wrong-passkey');
  await refuses(open({ credentialId: new Uint8Array(20).fill(9) }), 'passkey-unknown');
  const invitation = await invite();
  const other = new DirectoryStorage(join(home.directory, 'other'));
  await (await createAccount(platform, other, newAccount('other@localhost', invitation))).close();
  const file = (await storage.read('passkeys')) as Uint8Array;
  await other.replace('passkeys', file);
  await refuses(unlockByPasskey(platform, other, passkey), 'passkey-unknown');
  // The same wrap under the other vault's id: it is bound to the one it was made for.
  await other.replace('passkeys', replacedBytes(file, await vaultIdOf(storage), await vaultIdOf(other)));
  await refuses(unlockByPasskey(platform, other, passkey), 'wrong-passkey');
  await other.replace('passkeys', new Uint8Array(5));
  await refuses(listPasskeys(other), 'vault-damaged');
});

test('that is added again takes the place of itself; one that is removed opens nothing', async () => {
  await add({ name: 'Green key' });
  await add({ credentialId: new Uint8Array(20).fill(5), name: 'Phone' });
  assert.deepEqual(await names(), ['Green key', 'Phone']);
  await remove();
  assert.deepEqual(await names(), ['Phone']);
  await refuses(open(), 'passkey-unknown');
  await open({ credentialId: new Uint8Array(20).fill(5) });
});

test('attack: a passkey that was removed is put back with its file', async () => {
  const before = (await storage.read('passkeys')) as Uint8Array;
  await remove(new Uint8Array(20).fill(5));
  assert.isNull(await storage.read('passkeys'));
  await storage.replace('passkeys', before);
  await refuses(open({ credentialId: new Uint8Array(20).fill(5) }), 'passkey-unknown');
  await storage.remove('passkeys');
  await unlocked();
});

test('asks for the passphrase again after a time, and with a clock that was put back', async () => {
  const clock = movableClock();
  const later = testPlatform({ clock });
  await add();
  await offline(async () => {
    clock.skip(29 * DAY_MILLISECONDS);
    await open({}, later);
    clock.skip(2 * DAY_MILLISECONDS);
    await refuses(open({}, later), 'passphrase-needed');
    clock.skip(-40 * DAY_MILLISECONDS);
    await refuses(open({}, later), 'passphrase-needed');
  });
  await open();
});

test('goes with a change of passphrase, and an old copy opens nothing', async () => {
  const invitation = await invite();
  const place = new DirectoryStorage(join(home.directory, 'changing'));
  const session = await createAccount(platform, place, newAccount('changing@localhost', invitation));
  await addPasskey(platform, place, { session, passkey });
  const before = (await place.read('passkeys')) as Uint8Array;
  await new KeyBox(session).devices.changePassphrase({ passphrase: 'Another horse 2', roaming: 'on' });
  assert.isNull(await place.read('passkeys'));
  await session.close();
  await place.replace('passkeys', before);
  await refuses(unlockByPasskey(platform, place, passkey), 'passkey-unknown');
  await place.erase(new Uint8Array(1));
  assert.isNull(await place.read('passkeys'));
});

test('is not to be had where the policy wants the server asked', async () => {
  const setDays = (offlineUnlockDays: number): Promise<void> =>
    unlocked(async (session) => void (await new KeyBox(session).admin.setPolicy({ offlineUnlockDays })));
  await setDays(0);
  await refuses(open(), 'passphrase-needed');
  await unlocked();
  assert.isNull(await storage.read('passkeys'));
  await refuses(add(), 'policy-forbids');
  await setDays(30);
});

async function vaultIdOf(place: DirectoryStorage): Promise<Uint8Array> {
  const { vaultId } = decodeCbor((await place.read('account')) ?? new Uint8Array()) as { vaultId: Uint8Array };
  return vaultId;
}

function replacedBytes(bytes: Uint8Array, from: Uint8Array, to: Uint8Array): Uint8Array {
  const at = hex(bytes).indexOf(hex(from)) / 2;
  const copy = Uint8Array.from(bytes);
  copy.set(to, at);
  return copy;
}

const DAY_MILLISECONDS = 24 * 3600 * 1000;
