import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttackCase, attackCases, attackGroups } from '../test/attacks/catalogue/index.ts';
import { attacksPage } from '../test/attacks/page.ts';
import { mutationEnv } from '../test/support/mutation.ts';
import { root } from '../test/support/program.ts';

/**
 * Disables the check that each case of the catalogue names, runs its test, and demands that every attack gets
 * through and every control passes. Words choose cases by id; `--page` writes ATTACKS.md instead.
 */
function main(words: readonly string[]): number {
  if (words.includes('--page')) {
    writeFileSync(`${root}ATTACKS.md`, attacksPage(attackGroups));
    return 0;
  }
  const chosen = attackCases.filter(({ id }) => words.length === 0 || words.includes(id));
  const failed = chosen.filter((attack) => !report(attack, judge(attack)));
  console.log(`${chosen.length - failed.length} passed, ${failed.length} failed`);
  return failed.length > 0 || chosen.length === 0 ? 1 : 0;
}

/** What was wrong; null if the test failed as it must. */
function judge({ id, status }: AttackCase): string | null {
  if (status.kind === 'not-applicable') return null;
  const results = runMutated(id, status);
  const of = (title: string) => results.filter((result) => result.title.startsWith(title));
  if (of('attack').length === 0) return 'no attack was run';
  if (of('control').length === 0) return 'no control was run';
  const refused = of('attack').filter((result) => result.status !== 'failed');
  if (refused.length > 0) return `still refused: ${refused.map(({ title }) => title).join('; ')}`;
  const broken = of('control').filter((result) => result.status !== 'passed');
  return broken.length > 0 ? `without the attack: ${broken.map(({ title }) => title).join('; ')}` : null;
}

interface Result {
  readonly title: string;
  readonly status: string;
}

function runMutated(id: string, { test, mutations }: Extract<AttackCase['status'], { kind: 'tried' }>): Result[] {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-attacks-'));
  try {
    const report = join(folder, 'report.json');
    spawnSync('vitest', ['run', test, '-t', `^${id}: `, '--reporter=json', `--outputFile=${report}`], {
      cwd: root,
      env: { ...process.env, ...mutationEnv(mutations) },
      stdio: 'ignore',
    });
    const { testResults } = JSON.parse(readFileSync(report, 'utf8')) as Report;
    return testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .filter(({ status }) => status === 'passed' || status === 'failed');
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The parts of vitest's JSON report that count here. */
interface Report {
  readonly testResults: readonly { readonly assertionResults: readonly Result[] }[];
}

function report({ id, action, status }: AttackCase, wrong: string | null): boolean {
  if (status.kind === 'not-applicable') console.log(` - ${id.padEnd(5)} not applicable because ${status.because}`);
  else console.log(` ${wrong === null ? '✓' : '✗'} ${id.padEnd(5)} ${wrong ?? `needs its check: ${action}`}`);
  return wrong === null;
}

process.exitCode = main(process.argv.slice(2));
