import { once } from 'node:events';
import { cpSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { Secret } from '@sotto/crypto';
import { type OpenSession, type Platform, signInAccount, unlockAccount } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { type DeviceSecrets, openBundle, parseDeviceName } from '@sotto/protocol';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { type AccountFile, readAccountFile } from '../../packages/keybox/src/account-file.ts';
import { discoverCluster } from '../../packages/keybox/src/cluster.ts';
import { deviceOfSecrets, endorse } from '../../packages/keybox/src/enrol/endorsement.ts';
import { readOwnChain } from '../../packages/keybox/src/enrol/own-chain.ts';
import {
  type AccountState,
  readBundle,
  releaseVaultSecrets,
  type SignedIn,
  signIn,
} from '../../packages/keybox/src/sign-in.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { gather, Loot } from '../support/loot.ts';
import { befriend, Person, signUp } from '../support/person.ts';
import { SeededNumbers } from '../support/random.ts';

/** How often the command is killed: a tenth of SOTTO_KILLS, or of what fits into a run of all tests. */
const KILLS = Math.ceil(Number(process.env['SOTTO_KILLS'] ?? 40) / 10);
const SEED = process.env['SOTTO_SEED'] ?? 'passphrase-change';
const OLD = 'seven bridges lead to the island';
const NEW = 'a ferry goes there in the winter';

const folder = new TemporaryFolder();
let platform: Platform;
let server: HomeServer;
let ada: Person;
/** Ada's second installation. */
let desk: Person;
let bea: Person;
let ward: string;

beforeAll(async () => {
  platform = await nodePlatform();
  server = await HomeServer.start({ data: folder.at('server') });
  ada = new Person({ folder: folder.at('ada'), name: 'ada', passphrase: OLD });
  desk = new Person({ folder: folder.at('desk'), name: 'ada', passphrase: OLD });
  bea = new Person({ folder: folder.at('bea'), name: 'bea' });
  await signUp(ada, server.invitation, '--roaming', 'on');
  await signUp(bea, (await ada.line('invitation', 'create')).url);
  await befriend(ada, bea);
  ward = (await ada.line('room', 'create', 'ward')).id;
  await ada.lines('room', 'add', ward, bea.address);
  await desk.line('account', 'sign-in', ada.address, '--server', server.line.url, '--device', 'desk');
  await ada.lines('message', 'send', ward, 'ward before');
  await bea.lines('message', 'send', ada.address, 'direct before');
  await desk.lines('room', 'list');
}, 240_000);

afterAll(async () => {
  await server[Symbol.asyncDispose]();
  folder[Symbol.dispose]();
});

// A copy of the data directory is the whole server on SQLite alone.
describe.skipIf(process.env['SOTTO_TEST_DATABASE'] === 'postgres')('the old passphrase with an old copy', () => {
  test('opens nothing that came later, and no live key', async () => {
    await server.stop();
    cpSync(folder.at('server'), folder.at('older'), { recursive: true });
    await server.start();
    await change(ada, NEW);
    await bea.lines('message', 'send', ward, 'ward after');
    await bea.lines('message', 'send', ada.address, 'direct after');
    await ada.lines('message', 'send', ward, 'own after');
    await checkDesk();

    await server.stop();
    const older = await HomeServer.start({ data: folder.at('older') });
    const before = await enter(OLD);
    await using thief = await becomeDevice();
    const vaultId = (await accountOf(ada)).vaultId;
    assert.isNotEmpty(await releaseVaultSecrets(platform, before.signedIn.channel, { ...before.state, vaultId }));
    await older.stop();
    await server.start();

    assert.strictEqual(await codeOf(() => enter(OLD)), 'wrong-passphrase');
    const after = await enter(NEW);
    await checkBundle(before, after);
    await checkVaults(before, after);
    const secrets = before.state.bundle.roaming as DeviceSecrets;
    await checkRoaming(secrets, after);
    await using own = await openVault(ada, NEW);
    const evidence = await gather(own);
    const opened = await (await Loot.ofVault(thief, [new Secret(secrets.kem)])).open(evidence);
    assert.deepEqual([opened.generations, opened.texts], [[0], ['direct before', 'ward before']]);
    const { roaming } = after.state.bundle;
    const whole = await Loot.ofKems(own, [new Secret((roaming as DeviceSecrets).kem)]).open(evidence);
    const texts = ['direct after', 'direct before', 'own after', 'ward after', 'ward before'];
    assert.deepEqual([whole.generations, whole.texts], [[0, 1], texts]);
    for (const { signedIn } of [before, after]) signedIn.channel.close();
  }, 180_000);
});

test(
  `${KILLS} kill -9 of the change leave one passphrase that works, and lose nothing (SOTTO_SEED=${SEED})`,
  async () => {
    const numbers = new SeededNumbers(SEED);
    const other = (one: string): string => (one === OLD ? NEW : OLD);
    let current = (await works(ada, OLD)) ? OLD : NEW;
    let life = 3000;
    let changes = 0;
    for (let left = KILLS; left > 0; ) {
      const start = performance.now();
      if (await killed(current, other(current), numbers.fraction() * life)) left -= 1;
      else life = performance.now() - start;
      if (!(await works(ada, current))) {
        current = other(current);
        changes += 1;
        assert.isTrue(await works(ada, current), 'neither passphrase works');
      }
      setPassphrase(ada, current);
    }
    console.log(`${KILLS} commands killed in the middle, the passphrase was changed ${changes} times`);
    assert.isFalse(await works(ada, other(current)));
    setPassphrase(ada, current);
    await ada.lines('message', 'send', ward, 'at last');
    assert.isTrue(await works(desk, current));
    for (const person of [ada, desk, bea]) assert.include(await person.texts(ward), 'ward before');
    assert.deepEqual(await desk.texts(ward), await ada.texts(ward));
    for (const { subject, ok, code } of await ada.lines('audit', 'run')) assert.isTrue(ok, `${subject}: ${code}`);
  },
  10 * 60_000,
);

/** The other device learns of it at its next contact; from then on the old passphrase opens nothing there. */
async function checkDesk(): Promise<void> {
  await desk.json('room', 'list');
  assert.strictEqual((await desk.json('room', 'list')).fault, 'wrong-passphrase');
  setPassphrase(desk, NEW);
  assert.include(await desk.texts(ward), 'own after');
}

interface Entered {
  readonly signedIn: SignedIn;
  readonly state: AccountState;
}

/** Opens the account at the server that runs, as somebody who knows a passphrase. */
async function enter(passphrase: string): Promise<Entered> {
  const { address, exemption, ...place } = await accountOf(ada);
  const { origin, caFingerprint } = place;
  const cluster = await discoverCluster(platform, { origin, caFingerprint });
  const signedIn = await signIn(platform, cluster, { address, passphrase, pinned: null, exemption });
  return { signedIn, state: await readBundle(platform, signedIn, { address, cluster }) };
}

/** A device that the old server takes for one of Ada's, with everything that it gives one. */
async function becomeDevice(): Promise<OpenSession & AsyncDisposable> {
  const { address, origin: url } = await accountOf(ada);
  const storage = new DirectoryStorage(folder.at('thief'));
  const place = { address, server: url, caFingerprint: null, deviceName: parseDeviceName('thief') };
  return disposable(await signInAccount(platform, storage, { ...place, vault: 'normal', passphrase: OLD }));
}

async function openVault(person: Person, passphrase: string): Promise<OpenSession & AsyncDisposable> {
  const storage = new DirectoryStorage(vaultOf(person));
  return disposable(await unlockAccount(platform, storage, { passphrase }));
}

function disposable(session: OpenSession): OpenSession & AsyncDisposable {
  return { ...session, [Symbol.asyncDispose]: () => session.close() };
}

async function checkBundle(before: Entered, after: Entered): Promise<void> {
  const { address } = await accountOf(ada);
  const { bundle: sealed, suite } = await after.signedIn.channel.call('accounts.state', {});
  const open = ({ signedIn }: Entered) =>
    openBundle(platform.primitives, signedIn.signIn.exportKey, { sealed, binding: { address, suite } });
  assert.strictEqual(await codeOf(() => open(before)), 'open-failed');
  assert.strictEqual((await open(after)).version, after.state.bundle.version);
}

/** Both vaults lie under the new unlock key alone. */
async function checkVaults(before: Entered, { signedIn, state }: Entered): Promise<void> {
  for (const person of [ada, desk]) {
    const { vaultId } = await accountOf(person);
    const release = ({ bundle }: AccountState) => releaseVaultSecrets(platform, signedIn.channel, { bundle, vaultId });
    assert.strictEqual(await codeOf(() => release(before.state)), 'open-failed');
    assert.deepEqual(
      (await release({ ...state, bundle: { ...state.bundle, olderUnlockKeys: [] } })).map(({ isNewest }) => isNewest),
      [true],
    );
  }
}

/** The roaming device of the old bundle is nobody to every reader of the chain. */
async function checkRoaming(secrets: DeviceSecrets, { signedIn, state }: Entered): Promise<void> {
  const { fingerprint: account, suite: suiteId, caFingerprint, address } = await accountOf(ada);
  const suite = platform.suites.byId(suiteId);
  const { bundle } = state;
  const facts = { address, suite: suiteId, fingerprint: account, caFingerprint };
  const place = { chain: bundle.chain as never, accountRoom: bundle.accountRoom as Uint8Array };
  const read = (from: number) => signedIn.channel.call('chains.read', { account, from });
  const { chain } = await readOwnChain(platform.suites, read, { ...facts, ...place });
  assert.strictEqual(await codeOf(() => deviceOfSecrets(suite, chain, { secrets, kind: 'roaming' })), 'bundle-invalid');
  const roaming = [...chain.devices.values()].find(({ kind, revokedAt }) => kind === 'roaming' && revokedAt !== null);
  assert.isDefined(roaming);
  const { id } = roaming;
  const present = { secrets: bundle.roaming as DeviceSecrets, kind: 'roaming' } as const;
  assert.notDeepEqual((await deviceOfSecrets(suite, chain, present)).id, id);
  const endorser = { id, signing: new Secret(secrets.signing), seed: new Secret(secrets.kem) };
  const device = { ...roaming, kind: 'keybox', name: parseDeviceName('ghost') } as const;
  const { kind, name, signing: key, kem, spki } = device;
  const input = { endorser, device: { kind, name, signing: key, kem, spki } };
  assert.strictEqual(await codeOf(() => endorse(platform, chain, input)), 'chain-signer-invalid');
}

async function change(person: Person, next: string): Promise<void> {
  await person.lines(...changing(next));
  setPassphrase(person, next);
}

function changing(next: string): readonly string[] {
  const file = folder.at('next');
  writeFileSync(file, next, { mode: 0o600 });
  return ['account', 'passphrase', 'change', '--new-passphrase-file', file];
}

/** Whether the command was killed before it ended. */
async function killed(current: string, next: string, afterMilliseconds: number): Promise<boolean> {
  setPassphrase(ada, current);
  const running = ada.start(...changing(next));
  const timer = new AbortController();
  const exit = once(running.child, 'exit').then(() => timer.abort());
  await setTimeout(afterMilliseconds, null, { signal: timer.signal }).catch(() => null);
  running.child.kill('SIGKILL');
  await exit;
  const { code, stderr } = await running.ended;
  assert.isTrue(code === null || code === 0, stderr);
  return code === null;
}

/** False for `wrong-passphrase`; nothing else may happen, but for having to wait after a few of them. */
async function works(person: Person, passphrase: string): Promise<boolean> {
  setPassphrase(person, passphrase);
  const { code, fault, stderr } = await person.json('account', 'show');
  if (fault === 'throttled') return setTimeout(5000).then(() => works(person, passphrase));
  assert.isTrue(code === 0 || fault === 'wrong-passphrase', stderr);
  return code === 0;
}

function setPassphrase(person: Person, passphrase: string): void {
  writeFileSync(person.passphraseFile, `${passphrase}\n`);
}

function accountOf(person: Person): Promise<AccountFile> {
  return readAccountFile(new DirectoryStorage(vaultOf(person)));
}

function vaultOf(person: Person): string {
  return `${person.home}/accounts/${person.address}`;
}

async function codeOf(work: () => Promise<unknown>): Promise<unknown> {
  try {
    return await work().then(() => 'nothing was refused');
  } catch (cause) {
    return cause instanceof Error && 'code' in cause ? cause.code : cause;
  }
}
