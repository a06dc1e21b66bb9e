import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assert, onTestFinished, test } from 'vitest';
import { fileLog } from './log.ts';

test('a line says what failed and where, and quotes nothing', () => {
  const folder = mkdtempSync(join(tmpdir(), 'log-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, 'agent.log');
  fileLog(path, { now: () => 0, sleep: async () => undefined }).write(
    'a bug',
    new TypeError('no number: correct\nhorse battery'),
  );
  const line = readFileSync(path, 'utf8');
  assert.match(line, /^1970-01-01T00:00:00\.000Z a bug \[bug\] TypeError \| at .*log\.test\.ts/);
  assert.notMatch(line, /correct|horse/);
});
