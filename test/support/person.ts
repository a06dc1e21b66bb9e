import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Running, root, runProgram, startProgram } from './program.ts';

/** What a command line ended with. */
export interface Ran {
  /** Null if it was killed. */
  readonly code: number | null;
  /** Standard output as it came. */
  readonly bytes: Uint8Array;
  /** Standard output, one value a line. */
  readonly lines: readonly Line[];
  readonly stderr: string;
  /** The code of the fault on standard error; null if there is none. */
  readonly fault: string | null;
}

/** A line of JSON; tests know its keys from the contract. */
// biome-ignore lint/suspicious/noExplicitAny: what is read here is judged by the assertions
export type Line = any;

export interface PersonOptions {
  /** The folder of everything that is this person's: profile, passphrase, temporary files. */
  readonly folder: string;
  readonly name: string;
  readonly passphrase?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Somebody who uses `bin/sotto`, with a profile of their own. */
export class Person {
  readonly name: string;
  readonly address: string;
  readonly home: string;
  readonly temporary: string;
  readonly passphraseFile: string;
  readonly #env: Readonly<Record<string, string>>;

  constructor({ folder, name, passphrase = `the passphrase of ${name} is long`, env = {} }: PersonOptions) {
    this.name = name;
    this.address = `${name}@localhost`;
    this.home = join(folder, 'home');
    this.temporary = join(folder, 'tmp');
    this.passphraseFile = join(folder, 'passphrase');
    mkdirSync(this.temporary, { recursive: true });
    writeFileSync(this.passphraseFile, `${passphrase}\n`, { mode: 0o600 });
    this.#env = {
      SOTTO_HOME: this.home,
      SOTTO_PASSPHRASE_FILE: this.passphraseFile,
      TMPDIR: this.temporary,
      ...env,
    };
  }

  /** Runs a command to its end; its faults are read as JSON. */
  async run(words: readonly string[], stdin?: string | Uint8Array): Promise<Ran> {
    const { code, stdout, stderr } = await runProgram(PROGRAM, words, { env: this.#env, stdin });
    return {
      code,
      bytes: Uint8Array.from(stdout),
      lines: parseLines(stdout.toString('utf8')),
      stderr,
      fault: faultOf(stderr),
    };
  }

  /** Runs a command with `--json`. */
  json(...words: readonly string[]): Promise<Ran> {
    return this.run([...words, '--json']);
  }

  /** Runs a command with `--json` that must succeed; gives its lines. */
  async lines(...words: readonly string[]): Promise<readonly Line[]> {
    const ran = await this.json(...words);
    if (ran.code !== 0) throw new Error(`${this.name}: ${words.join(' ')}: exit ${ran.code}\n${ran.stderr}`);
    return ran.lines;
  }

  /** The same for a command that answers with one line. */
  async line(...words: readonly string[]): Promise<Line> {
    return (await this.lines(...words))[0];
  }

  /** Starts a command and leaves it running. */
  start(...words: readonly string[]): Running {
    return startProgram(PROGRAM, [...words, '--json'], { env: this.#env });
  }

  /** The texts of a room, oldest first. */
  async texts(room: string): Promise<readonly string[]> {
    return (await this.lines('message', 'list', room)).map(({ text }) => text);
  }
}

/** Signs somebody up. */
export async function signUp(person: Person, invitation: string, ...words: readonly string[]): Promise<Line> {
  return person.line('account', 'create', person.name, '--invitation', invitation, ...words);
}

/** Makes two people each other's contacts. */
export async function befriend(one: Person, other: Person): Promise<void> {
  await one.lines('contact', 'add', other.address);
  await other.lines('contact', 'accept', one.address);
  await one.lines('contact', 'list');
}

function parseLines(stdout: string): readonly Line[] {
  try {
    return stdout
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line));
  } catch {
    // Not every command speaks JSON: bytes and PEM are in `bytes`.
    return [];
  }
}

function faultOf(stderr: string): string | null {
  for (const line of stderr.split('\n').toReversed()) {
    const found = /^\{"code":"([a-z0-9-]+)","message":/.exec(line);
    if (found !== null) return found[1] as string;
  }
  return null;
}

const PROGRAM = `${root}bin/sotto`;
