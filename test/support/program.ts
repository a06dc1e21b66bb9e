import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { chosenMutations, mutationEnv } from './mutation.ts';

/** The folder of the repository, with a slash behind it. */
export const root: string = fileURLToPath(new URL('../..', import.meta.url));

/** How a program ended and what it said. */
export interface Ended {
  /** Null if a signal ended it. */
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

/** A program that runs, and what it said so far. */
export interface Running {
  readonly child: ChildProcess;
  readonly stdout: () => Buffer;
  readonly stderr: () => string;
  readonly ended: Promise<Ended>;
}

export interface ProgramOptions {
  /** Added to an environment that holds PATH and HOME alone. */
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string | Uint8Array | undefined;
  /** The repository's folder unless told. */
  readonly cwd?: string;
}

/** Starts a program in an environment of its own: what runs the tests leaves no trace in it. */
export function startProgram(file: string, words: readonly string[], options: ProgramOptions = {}): Running {
  const { PATH = '', HOME = '/' } = process.env;
  const child = spawn(file, words, {
    cwd: options.cwd ?? root,
    env: { PATH, HOME, LANG: 'C.UTF-8', ...mutated, ...options.env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const output = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  child.stdout.on('data', (part: Buffer) => output.stdout.push(part));
  child.stderr.on('data', (part: Buffer) => output.stderr.push(part));
  running.add(child);
  child.once('exit', () => running.delete(child));
  // A program may end without reading what it was given.
  child.stdin.on('error', () => child.stdin.destroy());
  child.stdin.end(options.stdin ?? '');
  const stdout = () => Buffer.concat(output.stdout);
  const stderr = () => Buffer.concat(output.stderr).toString('utf8');
  const ended = once(child, 'close').then(([code]) => ({ code, stdout: stdout(), stderr: stderr() }));
  return { child, stdout, stderr, ended };
}

/** Runs a program to its end. */
export function runProgram(file: string, words: readonly string[], options: ProgramOptions = {}): Promise<Ended> {
  return startProgram(file, words, options).ended;
}

/** Mutations act in the programs as they do in the tests. */
const mutated = chosenMutations().length === 0 ? {} : mutationEnv(chosenMutations());

/** What a test that was cut off left running ends with the tests. */
const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
