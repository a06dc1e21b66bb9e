import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Bench } from '../bench/support/bench.ts';
import { keepResults, type Measured } from '../bench/support/results.ts';
import { installPrograms } from './peers.ts';

/**
 * Measures: `npm run bench` everything, `npm run bench -- NAME [words] [NAME [words]]` some of `bench/`. What ran without
 * words of its own goes into docs/benchmarks.md; `npm run bench -- page` only writes that anew. The exit code is 1 if a bench failed.
 */
async function main(words: readonly string[]): Promise<number> {
  const runs = words[0] === 'page' ? [] : parse(words);
  if (runs.length === 0) {
    keepResults({});
    return 0;
  }
  installPackages();
  const folder = mkdtempSync(join(tmpdir(), 'sotto-bench-'));
  let failed = 0;
  try {
    for (const { name, words } of runs) {
      const measured = await runOne(name, { words, file: join(folder, `${name}.json`) });
      if (measured === null) failed += 1;
      else if (words.length === 0) keepResults({ [name]: measured });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  console.log(`\n${runs.length - failed} measured, ${failed} failed`);
  return failed > 0 ? 1 : 0;
}

interface Run {
  readonly name: string;
  readonly words: string[];
}

function parse(words: readonly string[]): readonly Run[] {
  const names = readdirSync(`${root}bench`).flatMap((file) => (file.endsWith('.ts') ? [file.slice(0, -3)] : []));
  const runs: Run[] = [];
  for (const word of words) {
    if (names.includes(word)) runs.push({ name: word, words: [] });
    else if (runs.length > 0) runs.at(-1)?.words.push(word);
    else throw new Error(`there is no bench "${word}", but ${names.join(', ')}`);
  }
  return words.length === 0 ? names.map((name) => ({ name, words: [] })) : runs;
}

/** Null if it failed: it has said why, and what was measured before stays. */
async function runOne(
  name: string,
  { words, file }: { readonly words: readonly string[]; readonly file: string },
): Promise<Measured | null> {
  const { bench } = (await import(`../bench/${name}.ts`)) as { readonly bench: Bench };
  const missing = installPrograms(bench.programs ?? []);
  if (missing.length > 0) {
    console.log(`${name} needs ${missing.join(', ')}`);
    return null;
  }
  const script = `${root}bench/support/run-one.ts`;
  const { status } = spawnSync(process.execPath, ['--expose-gc', script, name, file, ...words], { stdio: 'inherit' });
  return status === 0 ? (JSON.parse(readFileSync(file, 'utf8')) as Measured) : null;
}

/** The packages that benches compare with are no part of the default install. */
function installPackages(): void {
  const [lock, mark] = [`${root}bench/package-lock.json`, `${root}bench/node_modules/.package-lock.json`];
  if (existsSync(mark) && statSync(mark).mtimeMs >= statSync(lock).mtimeMs) return;
  console.log('Installing what the benches compare with (once) ...');
  const { status } = spawnSync('npm', ['ci', '--prefix', `${root}bench`], { cwd: `${root}bench`, stdio: 'inherit' });
  if (status !== 0) throw new Error('npm could not install bench/package.json');
}

const root = fileURLToPath(new URL('..', import.meta.url));

process.exitCode = await main(process.argv.slice(2));
