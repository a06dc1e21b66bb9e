import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** One of the checks, after it ran. */
export interface CheckResult {
  readonly name: string;
  readonly passed: boolean;
  readonly seconds: number;
  readonly output: string;
}

/** Runs types, lint and dead code side by side, printing each as it ends; `layers` adds the architecture tests. */
export function check({ layers }: { readonly layers: boolean }): Promise<readonly CheckResult[]> {
  const chosen = layers ? [...checks, architecture] : checks;
  return Promise.all(chosen.map(run));
}

interface Check {
  readonly name: string;
  readonly command: readonly [string, ...string[]];
}

async function run({ name, command: [program, ...words] }: Check): Promise<CheckResult> {
  const start = performance.now();
  const child = spawn(program, words, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const passed = await new Promise<boolean>((resolve, reject) => {
    child.on('error', reject).on('close', (code) => resolve(code === 0));
  });
  const result = { name, passed, seconds: (performance.now() - start) / 1000, output };
  report(result);
  return result;
}

function report({ name, passed, seconds, output }: CheckResult): void {
  console.log(` ${passed ? '✓' : '✗'} ${name.padEnd(16)} ${seconds.toFixed(1).padStart(5)} s`);
  if (!passed) console.log(output.trimEnd().replaceAll(/^/gm, '   '));
}

const root = fileURLToPath(new URL('..', import.meta.url));

const checks: readonly Check[] = [
  { name: 'types: portable', command: ['tsc', '-p', 'tsconfig.portable.json'] },
  { name: 'types: web', command: ['tsc', '-p', 'tsconfig.web.json'] },
  { name: 'types: node', command: ['tsc', '-p', 'tsconfig.json'] },
  { name: 'lint, format', command: ['biome', 'check', '--error-on-warnings'] },
  { name: 'dead code', command: ['knip', '--no-progress', '--no-config-hints'] },
];

const architecture: Check = {
  name: 'layers',
  command: ['vitest', 'run', 'test/architecture.test.ts', 'test/dependencies.test.ts'],
};

if (import.meta.main) {
  const results = await check({ layers: true });
  const failed = results.filter((result) => !result.passed);
  console.log(failed.length === 0 ? 'clean' : `not clean: ${failed.map((result) => result.name).join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
}
