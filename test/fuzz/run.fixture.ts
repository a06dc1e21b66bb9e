import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { assert, describe, test } from 'vitest';
import { type TargetGroup, targetGroups } from './targets/index.ts';

/** Fuzzes each target of a group for `SOTTO_FUZZ_SECONDS`, 10 unless told, in a process of its own. */
export function fuzzGroup(group: TargetGroup): void {
  const seconds = Number(process.env['SOTTO_FUZZ_SECONDS'] ?? 10);
  describe.each(Object.keys(targetGroups[group]))('%s', (name) => {
    test('refuses with typed faults, within bounds, and takes what it would write', { timeout: 300_000 }, async () => {
      const { code, output } = await runFuzz([name, '--seconds', String(seconds)]);
      assert.strictEqual(code, 0, output);
      assert.match(output, /^\S+ +[1-9]\d* executions/m);
    });
  });
}

/** Runs `npm run fuzz` with these words. */
export async function runFuzz(
  words: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const script = fileURLToPath(new URL('../../scripts/fuzz.ts', import.meta.url));
  const child = spawn(process.execPath, [script, ...words], { env: { ...process.env, ...env } });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on('error', reject).on('close', resolve);
  });
  return { code, output };
}
