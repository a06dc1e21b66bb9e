import { writeFileSync } from 'node:fs';
import { Fault } from '@sotto/bytes';
import { FileSource, FileTarget } from '@sotto/keybox-node';
import { afterAll, assert, beforeAll, test } from 'vitest';
import { befriendClients, type Client } from '../support/client.ts';
import { type CrashPointName, crashEnv } from '../support/crash-points.ts';
import { type Kill, planKills, Trigger } from '../support/crash-ring.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { clientIn } from '../support/load.ts';
import { root, runProgram } from '../support/program.ts';

/** How often the server is killed: two fifths of SOTTO_KILLS, or of what fits into a run of all tests. */
const KILLS = Math.ceil(Number(process.env['SOTTO_KILLS'] ?? 60) * 0.4);
const SEED = process.env['SOTTO_SEED'] ?? 'crash-points-server';

let folder: TemporaryFolder;
let trigger: Trigger;
let server: HomeServer;
let ada: Client;
let bea: Client;
let ward: string;
const texts: string[] = [];
const files: string[] = [];

beforeAll(async () => {
  folder = new TemporaryFolder();
  trigger = new Trigger(folder.at('crash'));
  server = await HomeServer.start({ data: folder.at('server'), env: crashEnv(trigger.path) });
  [ada, bea] = [clientIn(folder, 'ada'), clientIn(folder, 'bea', 'classic')];
  await ada.signUp(server.invitation);
  await bea.signUp((await ada.box.createInvitations(1))[0] as string);
  await befriendClients(ada, bea);
  ward = (await ada.box.createRoom({ name: 'ward', type: 'chat', history: 'all', keying: 'era' })).id;
  await ada.box.addMember(ward, bea.address, 'member');
  await bea.box.sync();
});

afterAll(async () => {
  for (const client of [ada, bea]) await client?.close();
  await server?.[Symbol.asyncDispose]();
  folder?.[Symbol.dispose]();
});

test(
  `${KILLS} kill -9 of the server at named points lose, double and reorder nothing (SOTTO_SEED=${SEED})`,
  async () => {
    for (const [i, kill] of planKills('server/', { kills: KILLS, seed: SEED, passes: PASSES }).entries()) {
      if (BACKUP.has(kill.point)) await killBackup(kill, i);
      else await killServer(kill, deeds[kill.point] ?? talk, i);
    }
    for (let round = 0; round < 2; round++) for (const { box } of [ada, bea]) await box.sync();
    for (const { box } of [ada, bea]) {
      const said = (await box.listMessages(ward)).filter(
        ({ file, state }) => file === undefined && state !== 'deleted',
      );
      assert.deepEqual(
        said.map(({ text }) => text),
        texts,
      );
      assert.deepEqual((await box.files.list(ward)).map(({ name }) => name).toSorted(), files.toSorted());
      assert.deepEqual(await box.listOutbox(), []);
      assert.deepEqual(
        (await box.audit()).filter(({ ok }) => !ok),
        [],
      );
    }
    for (const { id, name } of await bea.box.files.list(ward)) {
      await using target = new FileTarget(folder.at(`got-${name}`));
      await bea.box.files.get(ward, id, { target });
    }
  },
  20 * 60_000,
);

/** Does the deed until the server has died of it, starts the server again, and waits for the deed to end well. */
async function killServer(kill: Kill, deed: (i: number) => Promise<void>, i: number): Promise<void> {
  let isDead = false;
  trigger.arm(kill);
  const died = server.died().then(() => (isDead = true));
  const done = deed(i);
  await Promise.race([died, done.then(() => assert.isTrue(isDead, `${kill.point}:${kill.count} was not reached`))]);
  await died;
  await server.start();
  await done;
}

/** A backup that was cut off is none; the next one is sound, and the server does not mind. */
async function killBackup(kill: Kill, i: number): Promise<void> {
  const data = ['--data', folder.at('server')];
  const back = async (name: string) =>
    runProgram(`${root}bin/sotto-server`, ['backup', ...data, '--out', folder.at(name)], {
      env: crashEnv(trigger.path),
    });
  trigger.arm(kill);
  assert.isNull((await back(`cut-${i}`)).code);
  const verify = (name: string) => runProgram(`${root}bin/sotto-server`, ['verify', folder.at(name)]);
  assert.notStrictEqual((await verify(`cut-${i}`)).code, 0);
  assert.strictEqual((await back(`whole-${i}`)).code, 0);
  assert.strictEqual((await verify(`whole-${i}`)).code, 0);
}

async function talk(i: number): Promise<void> {
  for (const part of ['one', 'two', 'three']) await say(`${part} of ${i}`);
  await persist(() => ada.box.rotateRoom(ward));
  await persist(() => bea.box.sync());
}

async function say(text: string): Promise<void> {
  texts.push(text);
  await persist(() => ada.box.sendMessage(ward, text, { key: text }));
  await persist(() => ada.box.flushOutbox());
}

/** Under one name and key, however often it is begun. */
async function sendFile(name: string): Promise<void> {
  writeFileSync(folder.at(name), Buffer.alloc(20_000, name));
  files.push(name);
  await persist(async () => {
    await using source = await FileSource.open(folder.at(name));
    await ada.box.files.send(ward, source, { name, key: name });
  });
}

async function removeFile(i: number): Promise<void> {
  const name = files.pop() as string;
  const { id } = await persist(() => ada.box.files.find(ward, name));
  await persist(() => ada.box.files.remove(ward, id));
  await say(`removed by ${i}`);
}

async function joins(i: number): Promise<void> {
  const [invitation] = await persist(() => ada.box.createInvitations(1));
  await using newcomer = clientIn(folder, `newcomer-${i}`, 'classic');
  await persist(() => newcomer.signUp(invitation as string));
  assert.deepEqual(await newcomer.box.listRooms(), []);
}

/** Repeats what the death of the server cut off. */
async function persist<Result>(work: () => Promise<Result>): Promise<Result> {
  for (let left = 200; ; left--) {
    try {
      return await work();
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.code !== 'unreachable' || left === 0) throw cause;
      await sleep();
    }
  }
}

const sleep = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 50));
const file = (i: number): Promise<void> => sendFile(`file-${i}`);
const rotate = async (): Promise<void> => void (await persist(() => ada.box.devices.rotate()));

/** What passes a point; `talk` where nothing is said. */
const deeds: Partial<Record<CrashPointName, (i: number) => Promise<void>>> = {
  'server/upload-booked': file,
  'server/before-blob-placed': file,
  'server/after-blob-placed': file,
  'server/blob-claimed': file,
  'server/blob-forgotten': removeFile,
  'server/before-chain-grown': rotate,
  'server/after-chain-grown': rotate,
  'server/invitation-spent': joins,
  'server/genesis-stored': joins,
  'server/sign-up-complete': joins,
};
const BACKUP: ReadonlySet<CrashPointName> = new Set(['server/backup-copied', 'server/before-manifest']);
const PASSES = {
  'server/before-commit': 4,
  'server/after-commit': 4,
  'server/before-answer': 6,
  'server/records-stored': 3,
} as const;
