import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { type CrashPointName, crashEnv } from '../support/crash-points.ts';
import { type Kill, planKills, Trigger } from '../support/crash-ring.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { befriend, Person, type Ran, signUp } from '../support/person.ts';
import type { Running } from '../support/program.ts';

/** How often commands and agents are killed: three fifths of SOTTO_KILLS, or of what fits into a run of all tests. */
const KILLS = Math.floor(Number(process.env['SOTTO_KILLS'] ?? 60) * 0.6);
const AGENT_KILLS = Math.ceil(KILLS / 6);
const SEED = process.env['SOTTO_SEED'] ?? 'crash-points-client';

let folder: TemporaryFolder;
let trigger: Trigger;
let server: HomeServer;
let ada: Person;
let bea: Person;
let ward: string;
const texts: string[] = [];
const files: string[] = [];

beforeAll(async () => {
  folder = new TemporaryFolder();
  trigger = new Trigger(folder.at('crash'));
  server = await HomeServer.start({ data: folder.at('server') });
  [ada, bea] = [person('ada'), person('bea')];
  await signUp(ada, server.invitation, '--roaming', 'on');
  await signUp(bea, (await ada.line('invitation', 'create')).url);
  await befriend(ada, bea);
  ward = (await ada.line('room', 'create', 'ward')).id;
  await ada.lines('room', 'add', ward, bea.address);
});

afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  folder?.[Symbol.dispose]();
});

test(
  `${KILLS - AGENT_KILLS} kill -9 of commands at named points lose, double and reorder nothing (SOTTO_SEED=${SEED})`,
  async () => {
    const plan = planKills('client/', { kills: KILLS - AGENT_KILLS, seed: SEED, passes: PASSES });
    for (const [i, kill] of plan.entries()) await (deeds[kill.point] ?? say)(kill, i);
    await checkWhole();
  },
  20 * 60_000,
);

test(
  `${AGENT_KILLS} kill -9 of the agent at named points lose, double and reorder nothing (SOTTO_SEED=${SEED})`,
  async () => {
    for (const [i, kill] of planKills('agent/', { kills: AGENT_KILLS, seed: SEED, passes: PASSES }).entries()) {
      await killAgent(kill, i);
    }
    await checkWhole();
  },
  10 * 60_000,
);

function person(name: string, home = name): Person {
  return new Person({ folder: folder.at(home), name, env: crashEnv(trigger.path) });
}

/** Runs a command that dies at the point, then once more to its good end. */
async function killed(kill: Kill, who: Person, words: readonly string[]): Promise<Ran> {
  trigger.arm(kill);
  const first = await who.json(...words);
  trigger.rest();
  assert.isNull(first.code, `${kill.point}:${kill.count} was not reached by ${words.join(' ')}: ${first.stderr}`);
  const ran = await who.json(...words);
  const isThere = ran.code === 2 && ran.fault === 'account-exists';
  assert.isTrue(ran.code === 0 || isThere, `after ${kill.point}: ${ran.stderr}`);
  return ran;
}

async function say(kill: Kill, i: number): Promise<void> {
  const text = `message ${i}`;
  texts.push(text);
  await killed(kill, ada, ['message', 'send', ward, text, '--key', text]);
}

async function sendFile(kill: Kill, i: number): Promise<void> {
  const name = `file-${i}`;
  writeFileSync(folder.at(name), Buffer.alloc(20_000, name));
  files.push(name);
  await killed(kill, ada, ['file', 'send', ward, folder.at(name), '--key', name]);
}

async function getFile(kill: Kill, i: number): Promise<void> {
  const out = folder.at(`got-${i}`);
  trigger.arm(kill);
  const words = ['file', 'get', ward, files[0] as string, '--out', out];
  assert.isNull((await bea.json(...words)).code);
  assert.isFalse(existsSync(out));
  await bea.lines(...words);
}

async function join(kill: Kill, i: number): Promise<void> {
  const { url } = await ada.line('invitation', 'create');
  const newcomer = person(`newcomer-${i}`);
  await killed(kill, newcomer, ['account', 'create', newcomer.name, '--invitation', url]);
  assert.strictEqual((await newcomer.line('account', 'show')).address, newcomer.address);
  assert.deepEqual(readdirSync(newcomer.temporary), []);
}

/** A second installation of Ada's: there is one device more, however often it was begun. */
async function signIn(kill: Kill, i: number): Promise<void> {
  const desk = person('ada', `desk-${i}`);
  await killed(kill, desk, [
    'account',
    'sign-in',
    ada.address,
    '--server',
    server.line.url,
    '--ca-fingerprint',
    server.line.caFingerprint,
    '--device',
    `desk-${i}`,
  ]);
  const devices = (await desk.lines('device', 'list')).filter(({ name }) => name === `desk-${i}`);
  assert.strictEqual(devices.length, 1);
}

async function rotateKeys(kill: Kill): Promise<void> {
  await killed(kill, ada, ['device', 'rotate']);
}

/** Somebody's who does nothing else: killed before it is sent the old passphrase opens all, killed afterwards the new one. */
async function changePassphrase(kill: Kill, i: number): Promise<void> {
  const { url } = await ada.line('invitation', 'create');
  const changer = person(`changer-${i}`);
  await signUp(changer, url);
  const file = folder.at(`new-${i}`);
  writeFileSync(file, 'another passphrase that is long\n');
  trigger.arm(kill);
  assert.isNull((await changer.json('account', 'passphrase', 'change', '--new-passphrase-file', file)).code);
  const withNew = ['--passphrase-file', file];
  const isSent = kill.point === 'client/passphrase-sent';
  const [right, wrong] = isSent ? [withNew, []] : [[], withNew];
  assert.strictEqual((await changer.json('room', 'list', ...wrong)).fault, 'wrong-passphrase');
  await changer.lines('room', 'list', ...right);
}

/** Commands through an agent that dies: `agent-lost` at worst, and with the next agent all goes on. */
async function killAgent(kill: Kill, i: number): Promise<void> {
  const text = `through agent ${i}`;
  texts.push(text);
  const command = ['message', 'send', ward, text, '--key', text];
  trigger.arm(kill);
  const agent = await startAgent();
  const cut = await ada.json(...command);
  trigger.rest();
  assert.isTrue(cut.code === 0 || cut.fault === 'agent-lost', cut.stderr);
  assert.isNull((await agent.ended).code, `${kill.point}:${kill.count} was not reached`);
  const next = await startAgent();
  await ada.lines(...command);
  await ada.lines('agent', 'stop');
  await next.ended;
}

/** Resolves when it answers, or has ended. */
async function startAgent(): Promise<Running> {
  const agent = ada.start('agent', 'start', '--foreground');
  let isOver = false;
  void agent.ended.then(() => (isOver = true));
  while (!isOver && (await ada.json('agent', 'status')).code !== 0);
  return agent;
}

async function checkWhole(): Promise<void> {
  for (const who of [ada, bea]) {
    const said = (await who.lines('message', 'list', ward)).filter(({ file }) => file === undefined);
    assert.deepEqual(
      said.map(({ text }) => text),
      texts,
    );
    assert.deepEqual(
      (await who.lines('file', 'list', ward)).map(({ name }) => name),
      files,
    );
    assert.deepEqual(await who.lines('outbox', 'list'), []);
    for (const { subject, ok, code } of await who.lines('audit', 'run')) assert.isTrue(ok, `${subject}: ${code}`);
    assert.deepEqual(readdirSync(who.temporary), []);
  }
}

/** What passes a point; `say` where nothing else is named. */
const deeds: Partial<Record<CrashPointName, (kill: Kill, i: number) => Promise<void>>> = {
  'client/before-rename': join,
  'client/after-rename': join,
  'client/vault-made': join,
  'client/published': join,
  'client/chain-appended': rotateKeys,
  'client/hashes-kept': sendFile,
  'client/blob-there': sendFile,
  'client/download-whole': getFile,
  'client/device-admitted': signIn,
  'client/room-restored': signIn,
  'client/unlock-keys-kept': changePassphrase,
  'client/passphrase-sent': changePassphrase,
};
const PASSES = {
  'client/before-apply': 6,
  'client/after-apply': 6,
  'client/before-rename': 3,
  'client/after-rename': 3,
  'client/before-send': 4,
  'client/answer-came': 4,
  'agent/called': 2,
  'agent/before-answer': 2,
} as const;
