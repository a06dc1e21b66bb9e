import { once } from 'node:events';
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { assert, test } from 'vitest';
import { filesBelow } from '../support/canaries.ts';
import { TemporaryFolder } from '../support/folder.ts';
import { HomeServer } from '../support/home-server.ts';
import { befriend, Person, type Ran, signUp } from '../support/person.ts';
import { SeededNumbers } from '../support/random.ts';

/** How often a command is killed at random moments: SOTTO_KILLS, or what fits into a run of all tests. */
const KILLS = Number(process.env['SOTTO_KILLS'] ?? 16);
const SEED = process.env['SOTTO_SEED'] ?? 'crash-client';

test(
  `${KILLS} kill -9 of commands lose, double and reorder nothing (SOTTO_SEED=${SEED})`,
  async () => {
    using folder = new TemporaryFolder();
    await using server = await HomeServer.start({ data: folder.at('server') });
    const [ada, bea] = ['ada', 'bea'].map((name) => new Person({ folder: folder.at(name), name })) as [Person, Person];
    await signUp(ada, server.invitation);
    await signUp(bea, (await ada.line('invitation', 'create')).url);
    await befriend(ada, bea);
    const { id: ward } = await ada.line('room', 'create', 'ward');
    await ada.lines('room', 'add', ward, bea.address);

    const killer = new Killer(SEED);
    const signUps = Math.ceil(KILLS * 0.15);
    const lists = Math.ceil(KILLS * 0.15);
    const newcomers = await killSignUps(killer, { folder, ada, kills: signUps });
    const texts = await killSending(killer, { ada, room: ward, kills: KILLS - signUps - lists });
    await killer.until(bea, ['message', 'list', ward], lists);

    for (const person of [ada, bea]) assert.deepEqual(await person.texts(ward), texts, person.name);
    for (const person of [ada, bea, ...newcomers]) await checkWhole(person);
    console.log(`${killer.struck} commands killed in the middle, ${killer.missed} had ended before`);
    assert.isAtLeast(killer.struck, KILLS);
  },
  20 * 60_000,
);

/** Sign-ups that are killed and begun again until they end well; gives who came of it. */
async function killSignUps(
  killer: Killer,
  { folder, ada, kills }: { readonly folder: TemporaryFolder; readonly ada: Person; readonly kills: number },
): Promise<readonly Person[]> {
  const people: Person[] = [];
  for (let left = kills; left > 0; left -= KILLS_PER_ACCOUNT) {
    const name = `newcomer-${people.length}`;
    const person = new Person({ folder: folder.at(name), name });
    const { url } = await ada.line('invitation', 'create');
    const command = [
      'account',
      'create',
      name,
      '--invitation',
      url,
      '--roaming',
      people.length % 2 === 0 ? 'on' : 'off',
    ];
    await killer.until(person, command, Math.min(left, KILLS_PER_ACCOUNT));
    // As if the last one had been killed just before it said which account is current.
    if (people.length === 0) rmSync(join(person.home, 'current'));
    assert.strictEqual((await person.line('account', 'show')).address, person.address);
    people.push(person);
  }
  return people;
}

/**
 * Messages whose commands are killed once each and repeated with the same key; gives their texts. Every tenth command
 * makes a new era instead.
 */
async function killSending(
  killer: Killer,
  { ada, room, kills }: { readonly ada: Person; readonly room: string; readonly kills: number },
): Promise<readonly string[]> {
  const texts: string[] = [];
  for (let left = kills; left > 0; left -= 1) {
    if (left % 10 === 0) {
      await killer.until(ada, ['room', 'rotate', room], 1);
      continue;
    }
    const text = `message ${texts.length}`;
    texts.push(text);
    const [sent] = (await killer.until(ada, ['message', 'send', room, text, '--key', text], 1)).lines;
    assert.strictEqual(sent.state === 'queued', false);
  }
  return texts;
}

/** Kills commands at moments spread over their lives. */
class Killer {
  struck = 0;
  missed = 0;
  readonly #numbers: SeededNumbers;
  /** Milliseconds that a command takes by its noun and verb; follows what was seen last. */
  readonly #lives = new Map<string, number>();

  constructor(seed: string) {
    this.#numbers = new SeededNumbers(seed);
  }

  /** Kills a command so many times, then repeats it until it ends well. */
  async until(person: Person, command: readonly string[], kills: number): Promise<Ran> {
    for (let left = kills; left > 0; ) if (await this.#strike(person, command)) left -= 1;
    const start = performance.now();
    const ran = await person.json(...command);
    this.#lives.set(kindOf(command), performance.now() - start);
    assert.isTrue(endedWell(ran.code, ran.stderr), `${command.join(' ')}: ${ran.stderr}`);
    return ran;
  }

  /** False if the command ended first. */
  async #strike(person: Person, command: readonly string[]): Promise<boolean> {
    const life = this.#lives.get(kindOf(command)) ?? 1000;
    const running = person.start(...command);
    const timer = new AbortController();
    const exit = once(running.child, 'exit').then(() => timer.abort());
    await setTimeout(this.#numbers.fraction() * life, null, { signal: timer.signal }).catch(() => null);
    running.child.kill('SIGKILL');
    await exit;
    const { code, stderr } = await running.ended;
    if (code === null) this.struck += 1;
    else this.missed += 1;
    assert.isTrue(code === null || endedWell(code, stderr), stderr);
    return code === null;
  }
}

/** A sign-up that was killed at its very end is there already. */
function endedWell(code: number | null, stderr: string): boolean {
  return code === 0 || (code === 2 && stderr.includes('"account-exists"'));
}

function kindOf(command: readonly string[]): string {
  return command.slice(0, 2).join(' ');
}

/** The vault opens, everything verifies, and nothing is left lying around. */
async function checkWhole(person: Person): Promise<void> {
  for (const { subject, ok, code } of await person.lines('audit', 'run')) assert.isTrue(ok, `${subject}: ${code}`);
  assert.strictEqual((await person.line('vault', 'check')).encrypted, true);
  assert.deepEqual(await person.lines('outbox', 'list'), []);
  assert.deepEqual(readdirSync(person.temporary), []);
  const left = filesBelow(person.home).map((path) => basename(path));
  if (!left.includes('current')) left.push('current');
  assert.deepEqual(left.toSorted(), [...WHOLE_PROFILE, person.address].toSorted(), person.name);
}

const KILLS_PER_ACCOUNT = 3;
const WHOLE_PROFILE = [
  'account',
  'contacts.db',
  'current',
  'device.p12',
  'history.db',
  'keys.db',
  'keystore',
  'offline',
];
