import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openChannel } from '@sotto/testing';
import { assert, describe, onTestFinished, test } from 'vitest';

const MAIN = join(import.meta.dirname, 'main.ts');

describe('start --json', () => {
  test('the first line is the contract; a second start prints the same; SIGTERM ends with 0', async () => {
    const data = temporaryFolder();
    const first = await startProgram(['--data', data]);
    const line = JSON.parse(first.line);
    assert.deepEqual(Object.keys(line), ['url', 'nativeUrl', 'domain', 'caFingerprint', 'invitation']);
    assert.strictEqual(line.domain, 'localhost');
    const client = await openChannel(line);
    await client.call('cluster.keys', {});
    assert.strictEqual(await stop(first.child), 0);
    assert.strictEqual(await client.closed, null);
    const second = await startProgram(['--data', data]);
    assert.strictEqual(second.line, first.line);
    assert.strictEqual(await stop(second.child), 0);
  });

  test('after kill -9 the data is free at once', async () => {
    const data = temporaryFolder();
    const first = await startProgram(['--data', data]);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await startProgram(['--data', data]);
    assert.strictEqual(second.line, first.line);
    assert.strictEqual(await stop(second.child), 0);
  });

  test('a second server on the same data is refused', async () => {
    const data = temporaryFolder();
    const { child } = await startProgram(['--data', data]);
    const { code, error } = await runToEnd(['start', '--data', data, '--json']);
    assert.strictEqual(code, 1);
    assert.strictEqual(JSON.parse(error).code, 'data-in-use');
    assert.deepEqual(Object.keys(JSON.parse(error)), ['code', 'message', 'hint']);
    await stop(child);
  });
});

test('for people it prints the address, the invitation and the way on', async () => {
  const words = ['--data', temporaryFolder(), '--domain', 'example.org', '--no-web'];
  const { child, lines } = await startProgram(words, { json: false });
  while (!lines.some((line) => line.startsWith('Ctrl-C'))) await once(child.stdout as NodeJS.ReadableStream, 'data');
  const text = lines.join('\n');
  assert.match(text, /^Sotto serves example\.org$/m);
  assert.match(text, /^ {2}web {9}http:\/\/127\.0\.0\.1:[0-9]+$/m);
  assert.match(text, /bin\/sotto account create NAME --invitation 'http:[^']+#ca=[0-9a-f]{64}'/);
  assert.strictEqual(await stop(child), 0);
});

test('SIGINT stops it, too', async () => {
  const { child } = await startProgram(['--data', temporaryFolder()]);
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

describe('the command line', () => {
  test.each([
    [[], 'usage'],
    [['start'], 'usage'],
    [['stop', '--data', 'x'], 'usage'],
    [['start', '--data', 'x', '--colour'], 'usage'],
    [['start', '--data', 'x', '--tls-cert', 'y'], 'usage'],
    [['start', '--data', 'x', '--log-level', 'loud'], 'usage'],
    [['start', '--data', 'x', '--web', 'y', '--no-web'], 'usage'],
    [['start', '--data', '/tmp/sotto-none', '--web', '/nowhere'], 'web-client-unusable'],
    [['start', '--data', 'x', '--database-ca', 'y'], 'usage'],
    [['start', '--data', '/tmp/sotto-none', '--database', 'sotto'], 'database-malformed'],
    [['start', '--data', '/tmp/sotto-none', '--suite-module', '/nowhere.ts'], 'suite-module-unusable'],
  ])('%o is refused with %s and exit code 2', async (args, expected) => {
    const { code, error, output } = await runToEnd([...args, '--json']);
    assert.strictEqual(code, 2);
    assert.strictEqual(JSON.parse(error).code, expected);
    assert.strictEqual(output, '');
  });

  test('a password on the command line is refused with the way out, and not repeated', async () => {
    const url = 'postgres://sotto:hunter2@127.0.0.1/sotto';
    const { code, error } = await runToEnd(['start', '--data', temporaryFolder(), '--database', url]);
    assert.strictEqual(code, 2);
    assert.match(error, /--database-password-file FILE, or PGPASSFILE/);
    assert.notInclude(error, 'hunter2');
  });

  test('plain http beyond this machine is refused with the way out', async () => {
    const { code, error } = await runToEnd(['start', '--data', temporaryFolder(), '--listen', '0.0.0.0:0']);
    assert.strictEqual(code, 2);
    assert.match(error, /--tls-cert and --tls-key.*--behind-proxy/);
  });

  test('help and version', async () => {
    const help = await runToEnd(['--help']);
    assert.strictEqual(help.code, 0);
    for (const option of ['--data', '--listen', '--behind-proxy', '--json']) assert.include(help.output, option);
    assert.match((await runToEnd(['--version'])).output, /^sotto-server [0-9]+\.[0-9]+\.[0-9]+\n$/);
  });
});

interface StartedProgram {
  readonly child: ChildProcess;
  /** The first of standard output. */
  readonly line: string;
  readonly lines: readonly string[];
}

async function startProgram(args: readonly string[], { json = true } = {}): Promise<StartedProgram> {
  const all = [MAIN, 'start', ...args, ...(json ? ['--json'] : [])];
  const child = spawn(process.execPath, all, { stdio: ['ignore', 'pipe', 'inherit'], env: QUIET });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines: string[] = [];
  const reader = createInterface({ input: child.stdout });
  reader.on('line', (line) => lines.push(line));
  await Promise.race([once(reader, 'line'), once(child, 'exit')]);
  return { child, line: lines[0] ?? '', lines };
}

async function stop(child: ChildProcess): Promise<number | null> {
  child.kill('SIGTERM');
  const [code] = await once(child, 'exit');
  return code;
}

async function runToEnd(args: readonly string[]): Promise<{ code: number | null; output: string; error: string }> {
  const child = spawn(process.execPath, [MAIN, ...args], { env: QUIET });
  const texts = { output: '', error: '' };
  child.stdout.on('data', (chunk) => {
    texts.output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    texts.error += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, ...texts };
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-home-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

const QUIET = { ...process.env, SOTTO_LOG: 'silent' };
