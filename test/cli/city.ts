import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer, text } from 'node:stream/consumers';
import { assert } from 'vitest';
import { root } from '../sources.ts';
import { databaseWords } from '../support/database.ts';

/** What a program said and how it ended. */
export interface Ran {
  readonly exit: number;
  readonly bytes: Buffer;
  readonly stdout: string;
  readonly stderr: string;
}

// biome-ignore lint/suspicious/noExplicitAny: what was printed, whose form the assertions are about
export type Json = any;

/** A home server and people on one machine, all as processes of their own. */
export class City implements AsyncDisposable {
  readonly folder: string = mkdtempSync(join(tmpdir(), 'sotto-city-'));
  readonly #people = new Map<string, Person>();
  #server: ChildProcess | null = null;
  /** The first line that the server printed. */
  started: Json;

  readonly #serverWords: readonly string[];
  #databaseWords: readonly string[] | null = null;

  constructor(serverWords: readonly string[] = []) {
    this.#serverWords = serverWords;
  }

  static async found(...serverWords: readonly string[]): Promise<City> {
    const city = new City(serverWords);
    await city.start();
    return city;
  }

  /** Starts the server, or starts it again on the same data. */
  async start(...more: readonly string[]): Promise<void> {
    this.#databaseWords ??= await databaseWords();
    const place = ['--data', join(this.folder, 'data'), ...this.#databaseWords];
    const words = ['start', ...place, '--json', ...this.#serverWords, ...more];
    const server = spawn(join(root, 'bin/sotto-server'), words, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.#server = server;
    const lines = createInterface({ input: server.stdout });
    const [line] = (await once(lines, 'line')) as [string];
    const { invitation, ...started } = JSON.parse(line);
    this.started = { invitation, ...started };
  }

  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<void> {
    const server = this.#server;
    this.#server = null;
    if (server === null || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(signal);
    await ended;
  }

  /** Somebody without an account. */
  stranger(name: string, passphrase = `${name} walks over the long bridge`): Person {
    return new Person(this.folder, { name, passphrase });
  }

  /** Somebody with an account: the first is the owner, who invites all others. */
  async person(name: string, ...words: readonly string[]): Promise<Person> {
    const person = this.stranger(name);
    const [owner] = this.#people.values();
    const invitation = owner === undefined ? this.started.invitation : (await owner.json('invitation', 'create')).url;
    await person.json('account', 'create', name, '--invitation', invitation, ...words);
    this.#people.set(name, person);
    return person;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export class Person {
  readonly address: string;
  readonly home: string;
  readonly passphraseFile: string;

  constructor(folder: string, { name, passphrase }: { readonly name: string; readonly passphrase: string }) {
    this.address = `${name}@localhost`;
    this.home = join(folder, `home-${name}`);
    this.passphraseFile = join(folder, `passphrase-${name}`);
    mkdirSync(this.home, { recursive: true });
    writeFileSync(this.passphraseFile, `${passphrase}\n`, { mode: 0o600 });
  }

  get env(): Readonly<Record<string, string | undefined>> {
    return { ...process.env, SOTTO_HOME: this.home, SOTTO_PASSPHRASE_FILE: this.passphraseFile };
  }

  /** Runs a command to its end. */
  async run(words: readonly string[], { stdin = '' }: { readonly stdin?: string | Uint8Array } = {}): Promise<Ran> {
    const child = this.start(words);
    child.stdin?.end(stdin);
    const ended = once(child, 'close');
    const [bytes, stderr] = await Promise.all([buffer(child.stdout as never), text(child.stderr as never)]);
    const [exit] = await ended;
    return { exit, bytes, stdout: bytes.toString('utf8'), stderr };
  }

  /** Starts a command that is not waited for. */
  start(words: readonly string[]): ChildProcess {
    return spawn(join(root, 'bin/sotto'), words, { env: this.env, stdio: 'pipe' });
  }

  /** The one answer of a command that succeeds. */
  async json(...words: readonly string[]): Promise<Json> {
    const answers = await this.lines(...words);
    assert.lengthOf(answers, 1, words.join(' '));
    return answers[0];
  }

  /** The list that a command answers with; it must succeed. */
  async lines(...words: readonly string[]): Promise<Json[]> {
    const ran = await this.run([...words, '--json']);
    assert.strictEqual(ran.exit, 0, `${words.join(' ')}: ${ran.stderr}`);
    assert.strictEqual(ran.stderr, '', words.join(' '));
    return parseLines(ran.stdout);
  }

  /** The fault of a command that must end with an exit code; anything else on stderr fails. */
  async refused(exit: number, ...words: readonly string[]): Promise<Json> {
    const ran = await this.run([...words, '--json']);
    assert.strictEqual(ran.exit, exit, `${words.join(' ')}: ${ran.stderr}`);
    const fault = JSON.parse(ran.stderr);
    assert.deepEqual(Object.keys(fault), ['code', 'message', 'hint'], words.join(' '));
    return fault;
  }

  /** Texts of a room, oldest first. */
  async texts(room: string): Promise<string[]> {
    return (await this.lines('message', 'list', room)).map(({ text: said }) => said);
  }

  /** Makes each the other's contact. */
  async befriend(other: Person): Promise<void> {
    await this.json('contact', 'add', other.address);
    await other.json('contact', 'accept', this.address);
  }
}

function parseLines(output: string): Json[] {
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
