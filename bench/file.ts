import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { root } from '../test/support/program.ts';
import type { Bench, Figure, Goal, Result } from './support/bench.ts';
import { inTurns } from './support/turns.ts';

/** Words: rounds, MiB. */
export const bench: Bench = {
  title: 'a file of 1 GiB, from disk to disk',
  about: `
Whole processes in turns, start-up included, medians; random bytes, read from the page cache and written without waiting for the disk. *Ours* is the STREAM in which
the content of every file is sealed (AES-256-GCM, chunks of 1 MiB), read one chunk ahead and written one behind; its upload
and its address (SHA-256) are not counted. *age* encrypts to an X25519 recipient, *gpg -c* is AES-256 without compression and with an
iterated passphrase, *openssl enc* is AES-256-CTR with a key given, which authenticates nothing. *dd* copies and encrypts nothing: nobody is faster than that.`,
  programs: ['age', 'gpg', 'openssl'],
  run,
};

async function run([rounds = '3', mebibytes = '1024']: readonly string[]): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-file-'));
  try {
    const at = (name: string): string => join(folder, name);
    writeRandom(at('plain'), Number(mebibytes));
    const memory = { seal: 0, open: 0 };
    const contenders = { ours: own(at, memory), ...peers(at, folder) };
    const turns = { rounds: Number(rounds), count: 1 };
    const sealing = await inTurns(pick(contenders, 'seal'), turns);
    const opening = await inTurns(pick(contenders, 'open'), turns);
    if (!isSame(at)) throw new Error('what was opened is not what was sealed');
    return {
      figures: [...figures('encrypt', sealing), ...figures('decrypt', opening), ...memoryFigures(memory)],
      notes: [LIMIT],
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

type Name = 'ours' | 'age' | 'gpg' | 'openssl' | 'dd';

interface Contender {
  seal(): void;
  open(): void;
}

function own(at: (name: string) => string, memory: Record<'seal' | 'open', number>): Contender {
  const run = (direction: 'seal' | 'open', from: string, to: string): void => {
    const said = program(process.execPath, [`${root}bench/support/seal-file.ts`, direction, from, to]);
    memory[direction] = Math.max(memory[direction], Number(said));
  };
  return {
    seal: () => run('seal', at('plain'), at('sealed.sotto')),
    open: () => run('open', at('sealed.sotto'), at('opened.sotto')),
  };
}

function peers(at: (name: string) => string, folder: string): Record<Exclude<Name, 'ours'>, Contender> {
  program('age-keygen', ['-o', at('key')]);
  const recipient = /public key: (\S+)/.exec(readFileSync(at('key'), 'utf8'))?.[1] ?? '';
  const gpg = [
    '--homedir',
    folder,
    '--batch',
    '--yes',
    '--quiet',
    '--pinentry-mode',
    'loopback',
    '--passphrase',
    'bench',
  ];
  const cipher = ['--cipher-algo', 'AES256', '--compress-algo', 'none'];
  const enc = ['enc', '-aes-256-ctr', '-K', '07'.repeat(32), '-iv', '00'.repeat(16)];
  const [plain, opened] = [at('plain'), at('opened')];
  const copy = (): void => void program('dd', [`if=${plain}`, `of=${at('copy')}`, 'bs=1M', 'status=none']);
  return {
    dd: { seal: copy, open: copy },
    age: {
      seal: () => void program('age', ['-r', recipient, '-o', at('sealed.age'), plain]),
      open: () => void program('age', ['-d', '-i', at('key'), '-o', opened, at('sealed.age')]),
    },
    gpg: {
      seal: () => void program('gpg', [...gpg, ...cipher, '-o', at('sealed.gpg'), '-c', plain]),
      open: () => void program('gpg', [...gpg, '-o', opened, '-d', at('sealed.gpg')]),
    },
    openssl: {
      seal: () => void program('openssl', [...enc, '-in', plain, '-out', at('sealed.ctr')]),
      open: () => void program('openssl', [...enc, '-d', '-in', at('sealed.ctr'), '-out', opened]),
    },
  };
}

function pick(
  contenders: Readonly<Record<Name, Contender>>,
  which: keyof Contender,
): Readonly<Record<Name, () => void>> {
  const { ours, age, gpg, openssl, dd } = contenders;
  return { ours: ours[which], age: age[which], gpg: gpg[which], openssl: openssl[which], dd: dd[which] };
}

function figures(what: string, times: Readonly<Record<Name, number>>): Figure[] {
  return against.map(([peer, name, asked]) => ({
    what: `${what} 1 GiB`,
    against: name,
    ours: { value: times.ours / 1000, unit: 's' },
    theirs: { value: times[peer] / 1000, unit: 's' },
    better: 'less',
    asked,
  }));
}

function memoryFigures(memory: Readonly<Record<'seal' | 'open', number>>): Figure[] {
  const asked = { atMost: 150 } as const;
  const of = (what: string, kibibytes: number): Figure => ({
    what: `peak memory of ${what} it, the runtime included`,
    against: null,
    ours: { value: kibibytes / 1024, unit: 'MiB' },
    theirs: null,
    better: 'less',
    asked,
  });
  return [of('encrypting', memory.seal), of('decrypting', memory.open)];
}

function writeRandom(path: string, mebibytes: number): void {
  const file = openSync(path, 'w');
  for (let i = 0; i < mebibytes; i++) writeSync(file, randomBytes(2 ** 20));
  closeSync(file);
}

function isSame(at: (name: string) => string): boolean {
  return spawnSync('cmp', [at('plain'), at('opened.sotto')]).status === 0;
}

function program(file: string, words: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(file, words, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${file} ended with ${status}: ${stderr}`);
  return stdout;
}

const LIMIT = `Encryption itself is a small part of all this: age, openssl and we spend most of the time in the kernel, copying a GiB in and out of the page cache, as *dd* shows, which does
nothing else. Nobody can take half the time of age where *dd* does not. What is left to us is to read, encrypt and write at the same time.`;

const against: readonly (readonly [Exclude<Name, 'ours'>, string, Goal | null])[] = [
  ['age', 'age', { timesBetter: 2 }],
  ['gpg', 'gpg -c', null],
  ['openssl', 'openssl enc -aes-256-ctr', null],
  ['dd', 'dd, which copies', null],
];
