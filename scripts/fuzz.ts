import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { checkCost } from '../test/fuzz/bounds.ts';
import { hashOf, readCorpus, writeCorpus } from '../test/fuzz/corpus.ts';
import { type Finding, type FuzzReport, fuzz } from '../test/fuzz/fuzzer.ts';
import { type Target, tryInput } from '../test/fuzz/target.ts';
import { targets } from '../test/fuzz/targets/index.ts';
import { startWatchdog } from '../test/fuzz/watchdog.ts';

/**
 * `fuzz [TARGET...] [--seconds N] [--executions N] [--seed S] [--first] [--keep] [--blind]` tries inputs on the parsers of targets, of all
 * without a name; `fuzz TARGET --replay FILE` gives them one input again. The exit code is 1 if a rule was broken.
 */
async function main(words: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...words], options, allowPositionals: true });
  const names = positionals.length === 0 ? Object.keys(targets) : positionals;
  let findings = 0;
  for (const name of names) {
    const target = await loadTarget(name);
    findings += values.replay === undefined ? await run(target, values) : await replay(target, values.replay);
    await target.close?.();
  }
  return findings === 0 ? 0 : 1;
}

const options = {
  seconds: { type: 'string', default: '60' },
  executions: { type: 'string' },
  seed: { type: 'string', default: '1' },
  keep: { type: 'boolean', default: false },
  blind: { type: 'boolean', default: false },
  first: { type: 'boolean', default: false },
  replay: { type: 'string' },
} as const;

interface Options {
  readonly seconds: string;
  readonly executions?: string;
  readonly seed: string;
  readonly keep: boolean;
  readonly blind: boolean;
  readonly first: boolean;
}

async function loadTarget(name: string): Promise<Target> {
  const load = targets[name];
  if (load === undefined) throw new Error(`no target ${name}; there are ${Object.keys(targets).join(', ')}`);
  return load();
}

async function run(target: Target, { seconds, executions, seed, keep, blind, first }: Options): Promise<number> {
  const corpus = readCorpus(target.name);
  const path = join(findingsFolder(target.name), 'endless');
  const watchdog = startWatchdog({ path, advice: replayCommand(target.name, path) });
  const start = performance.now();
  const mostExecutions = executions === undefined ? Number.POSITIVE_INFINITY : Number(executions);
  const mostMilliseconds = executions === undefined ? Number(seconds) * 1000 : Number.POSITIVE_INFINITY;
  const report = await fuzz(target, {
    seed,
    corpus,
    isGuided: !blind,
    goesOn: (done, found) =>
      done < mostExecutions && performance.now() - start < mostMilliseconds && !(first && found > 0),
    watch: (_, input) => watchdog.begin(input),
  });
  await watchdog.stop();
  tell(target.name, report, performance.now() - start);
  for (const finding of report.findings) tellFinding(target.name, finding);
  if (keep && report.findings.length === 0) await keepCorpus(target, corpus, report);
  return report.findings.length;
}

function tell(name: string, report: FuzzReport, milliseconds: number): void {
  const { executions, coveredFunctions, answers, kept, inputsHash, findings } = report;
  const words = [
    `${executions} executions (${Math.round((executions / milliseconds) * 1000)}/s)`,
    `${coveredFunctions} functions, ${answers} answers, ${kept.length} new inputs`,
    `inputs ${(inputsHash >>> 0).toString(16)}, ${findings.length} findings`,
  ];
  console.log(`${name.padEnd(12)} ${words.join(', ')}`);
}

function tellFinding(name: string, { parser, input, violation }: Finding): void {
  const path = join(findingsFolder(name), `${parser}.${hashOf(input)}`);
  writeFileSync(path, input);
  const bytes = Buffer.from(input);
  console.log(`\n${name} ${parser}: ${violation.message}`);
  if (violation.cause instanceof Error) console.log(violation.cause.stack);
  console.log(input.length <= 200 ? `  hex ${bytes.toString('hex')}` : `  base64 ${bytes.toString('base64')}`);
  console.log(`  ${replayCommand(name, path)}\n`);
}

async function keepCorpus(
  target: Target,
  corpus: ReadonlyMap<string, readonly Uint8Array[]>,
  { kept }: FuzzReport,
): Promise<void> {
  const all = new Map(corpus);
  for (const { parser, input } of kept) all.set(parser, [...(all.get(parser) ?? []), input]);
  console.log(`${target.name.padEnd(12)} ${await writeCorpus(target, all)} inputs in its corpus`);
}

/** The parser is the beginning of the file's name; a file of another name goes to every parser. */
async function replay(target: Target, path: string): Promise<number> {
  const input = new Uint8Array(readFileSync(path));
  const base = path.split('/').at(-1) ?? '';
  const named = target.parsers.filter(({ name }) => base.startsWith(`${name}.`));
  for (const parser of named.length > 0 ? named : target.parsers) {
    console.log(`${parser.name}: ${await tryInput(parser, input)}`);
    await checkCost(parser, input);
  }
  return 0;
}

function findingsFolder(target: string): string {
  const folder = fileURLToPath(new URL(`../.data/fuzz/${target}`, import.meta.url));
  mkdirSync(folder, { recursive: true });
  return folder;
}

function replayCommand(target: string, path: string): string {
  return `npm run fuzz -- ${target} --replay ${path}`;
}

process.exitCode = await main(process.argv.slice(2));
