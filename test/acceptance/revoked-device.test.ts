import { cpSync, existsSync, readdirSync, rmSync } from 'node:fs';
import { type OpenSession, unlockAccount } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { gather, Loot } from '../support/loot.ts';
import { befriend, Person, signUp } from '../support/person.ts';

const PASSPHRASE = 'seven bridges lead to the island';
const BEFORE = ['direct before', 'sealed before', 'ward before'];
const AFTER = ['ada after', 'bea after', 'direct after', 'sealed after', 'ward after'];

let folder: TemporaryFolder;
let server: HomeServer;
let ada: Person;
/** Ada's second installation, which is lost. */
let phone: Person;
let bea: Person;
let sessions: OpenSession[] = [];

beforeAll(async () => {
  folder = new TemporaryFolder();
  server = await HomeServer.start({ data: folder.at('server') });
  ada = new Person({ folder: folder.at('ada'), name: 'ada', passphrase: PASSPHRASE });
  phone = new Person({ folder: folder.at('phone'), name: 'ada', passphrase: PASSPHRASE });
  bea = new Person({ folder: folder.at('bea'), name: 'bea' });
  await signUp(ada, server.invitation, '--roaming', 'on');
  await signUp(bea, (await ada.line('invitation', 'create')).url);
  await befriend(ada, bea);
  const { id: ward } = await ada.line('room', 'create', 'ward');
  const { id: sealed } = await ada.line('room', 'create', 'sealed', '--keying', 'per-message');
  for (const room of [ward, sealed]) await ada.lines('room', 'add', room, bea.address);
  await phone.line('account', 'sign-in', ada.address, '--server', server.line.url, '--device', 'phone');
  await bea.lines('message', 'send', ada.address, 'direct before');
  await bea.lines('message', 'send', ward, 'ward before');
  await ada.lines('message', 'send', sealed, 'sealed before');
  assert.deepEqual(await phone.texts(ward), ['ward before']);
  for (const copy of ['stolen', 'another', 'locked']) cpSync(phone.home, folder.at(copy), { recursive: true });

  await ada.lines('device', 'revoke', 'phone', '--yes');
  await ada.lines('message', 'send', ward, 'ada after');
  await bea.lines('message', 'send', ward, 'bea after');
  await bea.lines('message', 'send', ada.address, 'direct after');
  await bea.lines('message', 'send', sealed, 'sealed after');
  const { id: late } = await bea.line('room', 'create', 'late');
  await bea.lines('room', 'add', late, ada.address);
  await bea.lines('message', 'send', late, 'ward after');
  await ada.lines('room', 'list');
}, 240_000);

afterAll(async () => {
  for (const session of sessions) await session.close();
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

describe('a copy of the vault of a revoked device, with all that the server has', () => {
  test('opens nothing that was written afterwards', async () => {
    const stolen = await openVault(folder.at('stolen'));
    const own = await openVault(ada.home);
    const evidence = await gather(own);
    const opened = await (await Loot.ofVault(stolen)).open(evidence);
    assert.deepEqual(opened.texts, BEFORE);
    assert.deepEqual(opened.generations, [0]);
    // The same attempts with one key of a device that stayed: they would find what there is.
    const whole = await Loot.ofKems(own, [own.identity.kem.secretKey]).open(evidence);
    assert.deepEqual(whole.texts, [...BEFORE, ...AFTER].toSorted());
    assert.deepEqual(whole.generations, [0, 1]);
    assert.isAbove(whole.eras, opened.eras);
  });

  test('speaks for nobody, and is not unlocked by the server', async () => {
    const { link } = await openVault(folder.at('another'));
    assert.strictEqual(await codeOf(() => link.call('rooms.list', { after: null })), 'device-revoked');
    rmSync(`${vaultOf(folder.at('locked'))}/offline`, { force: true });
    assert.strictEqual(await codeOf(() => openVault(folder.at('locked'))), 'device-revoked');
  });
});

test('the device itself says that it was revoked, and nothing is left of its vault but the notice', async () => {
  assert.isTrue(existsSync(`${vaultOf(phone.home)}/keystore`));
  for (const command of [
    ['room', 'list'],
    ['account', 'show'],
  ]) {
    assert.strictEqual((await phone.json(...command)).fault, 'device-revoked');
    assert.deepEqual(readdirSync(vaultOf(phone.home)), ['revoked']);
  }
});

async function openVault(home: string): Promise<OpenSession> {
  const storage = new DirectoryStorage(vaultOf(home));
  const session = await unlockAccount(await nodePlatform(), storage, { passphrase: PASSPHRASE });
  sessions = [...sessions, session];
  return session;
}

function vaultOf(home: string): string {
  return `${home}/accounts/${ada.address}`;
}

async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work().then(() => 'nothing was refused');
  } catch (cause) {
    return cause instanceof Error && 'code' in cause ? cause.code : cause;
  }
}
