import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasPostgres } from '@sotto/testing';
import { ensureWebClient } from './build.ts';
import { check } from './check.ts';
import { installPeers } from './peers.ts';

/**
 * Everything that the project is judged by. The last line is `N passed, N failed`; the exit code is 1 if a test
 * failed or none ran. Words that are not options choose test files by part of their path and leave out the checks.
 */
async function main(words: readonly string[]): Promise<number> {
  const filters = words.filter((word) => word !== '--without-peers');
  preparePeers(words.includes('--without-peers'));
  process.env['SOTTO_TEST_DATABASE'] ??= hasPostgres() || !words.includes('--without-peers') ? 'both' : 'sqlite';
  await ensureWebClient();
  const total = sum([filters.length === 0 ? await countChecks() : none, await countTests(filters)]);
  if (total.skipped > 0) console.log(`${total.skipped} skipped`);
  console.log(`${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 || total.passed === 0 ? 1 : 0;
}

interface Count {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Without its peer a test fails, unless the caller accepts that by `--without-peers`. */
function preparePeers(without: boolean): void {
  if (without) process.env['SOTTO_WITHOUT_PEERS'] = '1';
  else {
    const missing = installPeers();
    if (missing.length > 0) console.log(`Tests of ${missing.join(', ')} will fail; --without-peers skips them.`);
  }
}

async function countChecks(): Promise<Count> {
  console.log('\nchecks');
  const results = await check({ layers: false });
  const passed = results.filter((result) => result.passed).length;
  return { passed, failed: results.length - passed, skipped: 0 };
}

async function countTests(filters: readonly string[]): Promise<Count> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  try {
    const report = join(folder, 'report.json');
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
    const code = await vitest(['run', ...reporters, ...filters]);
    return readReport(report, code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function vitest(words: readonly string[]): Promise<number | null> {
  const child = spawn('vitest', words, { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
}

/** The parts of vitest's JSON report that are counted. */
interface Report {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly {
    readonly status: string;
    readonly assertionResults: readonly { readonly status: string }[];
  }[];
}

/** A file that fails outside its tests, and a run that fails outside its files, count as one failed test each. */
function readReport(path: string, code: number | null): Count {
  const text = readIfThere(path);
  if (text === null) return { ...none, failed: 1 };
  const report = JSON.parse(text) as Report;
  const brokenFiles = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + brokenFiles;
  return {
    passed: report.numPassedTests,
    failed: failed === 0 && code !== 0 ? 1 : failed,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

function readIfThere(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

function sum(counts: readonly Count[]): Count {
  return counts.reduce((left, right) => ({
    passed: left.passed + right.passed,
    failed: left.failed + right.failed,
    skipped: left.skipped + right.skipped,
  }));
}

const none: Count = { passed: 0, failed: 0, skipped: 0 };

process.exitCode = await main(process.argv.slice(2));
