import { spawn, spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { prepareCity } from '@sotto/testing/simulation';
import { plantedBugs } from '../test/simulation/planted-bugs.ts';
import { runSeed } from '../test/simulation/run.ts';
import { mutationEnv } from '../test/support/mutation.ts';

const USAGE = `usage: npm run simulate -- [--seeds N] [--from K] [--real] [--jobs N] [--keep-going] [--trace] [--planted NAME|all]
  --seeds N        how many seeds, 100 unless said otherwise
  --from K         the first one, 1 unless said otherwise
  --real           the cryptography of the product, with seeded randomness
  --jobs N         processes at a time; as many as there are processors for many seeds
  --keep-going     goes on after a failure
  --trace          what happened, line by line
  --planted NAME   with a bug planted: one of ${Object.keys(plantedBugs).join(', ')}, or all of them in turn`;

type Options = ReturnType<typeof parse>;

/** Runs seeds; on a failure prints what replays it and ends with 1. */
async function simulate(options: Options): Promise<number> {
  const image = await prepareCity(options.real ? 'real' : 'fake');
  const begun = performance.now();
  const rate = (seeds: number): string => (seeds / ((performance.now() - begun) / 1000)).toFixed(1);
  let failed = 0;
  for (let i = 0; i < options.seeds; i++) {
    const { seed, hash, violations, lines } = await runSeed(image, options.from + i * options.stride);
    if (options.trace) console.log(lines.join('\n'));
    if (options.trace || options.seeds === 1) console.log(`seed ${seed} has the state ${hash}`);
    if (violations.length > 0) {
      console.log(`seed ${seed} failed, state ${hash}:\n${violations.join('\n')}`);
      console.log(`replay: npm run simulate -- --seeds 1 --from ${seed}${options.real ? ' --real' : ''} --trace`);
      if (!options.keepGoing) return 1;
      failed += 1;
    }
    if ((i + 1) % 100 === 0) console.log(`${i + 1} seeds run, ${rate(i + 1)} a second`);
  }
  console.log(`${options.seeds - failed} seeds passed, ${failed} failed, ${rate(options.seeds)} a second`);
  return failed === 0 ? 0 : 1;
}

/** Deals the seeds out to processes; the first that fails ends the others, unless all are to go on. */
async function simulateTogether(options: Options): Promise<number> {
  const { jobs, seeds, from } = options;
  const begun = performance.now();
  const children = Array.from({ length: jobs }, (_, i) => {
    const share = Math.floor(seeds / jobs) + (i < seeds % jobs ? 1 : 0);
    const words = ['--seeds', share, '--from', from + i, '--stride', jobs, '--jobs', 1].map(String);
    return spawn(process.execPath, [import.meta.filename, ...words, ...flags(options)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  });
  const ends = children.map(async (child, i) => {
    const closed = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 0)));
    for await (const line of createInterface({ input: child.stdout })) console.log(`[${i + 1}] ${line}`);
    const code = await closed;
    if (code !== 0 && !options.keepGoing) for (const other of children) other.kill();
    return code;
  });
  const failed = (await Promise.all(ends)).some((code) => code !== 0);
  const perSecond = (seeds / ((performance.now() - begun) / 1000)).toFixed(1);
  console.log(
    failed ? 'failed: see above' : `${seeds} seeds passed in ${jobs} processes, ${perSecond} a second in all`,
  );
  return failed ? 1 : 0;
}

/** Runs this program with each bug in turn; 1 if one of them is not caught. */
function plant(name: string, options: Options): number {
  const chosen = Object.entries(plantedBugs).filter(([own]) => name === 'all' || own === name);
  if (chosen.length === 0) throw new Error(USAGE);
  let missed = 0;
  for (const [bug, mutation] of chosen) {
    const words = ['--seeds', options.seeds, '--from', options.from, '--jobs', 1].map(String);
    const env = { ...process.env, ...mutationEnv([mutation]) };
    const run = spawnSync(process.execPath, [import.meta.filename, ...words, ...flags(options)], {
      env,
      encoding: 'utf8',
    });
    const seed = /^seed (\d+) failed/m.exec(run.stdout)?.[1];
    const isCaught = run.status === 1 && seed !== undefined;
    if (!isCaught) missed += 1;
    console.log(isCaught ? `${bug}: caught by seed ${seed}` : `${bug}: not caught (${run.status})`);
  }
  return missed === 0 ? 0 : 1;
}

function flags({ real, keepGoing }: Options): readonly string[] {
  return [...(real ? ['--real'] : []), ...(keepGoing ? ['--keep-going'] : [])];
}

function parse() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      stride: { type: 'string', default: '1' },
      jobs: { type: 'string' },
      real: { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      planted: { type: 'string' },
    },
  });
  const { real, trace, planted, 'keep-going': keepGoing } = values;
  const [seeds, from, stride] = [Number(values.seeds), Number(values.from), Number(values.stride)];
  const jobs = Number(values.jobs ?? (seeds < MANY || trace ? 1 : availableParallelism()));
  if (![seeds, from, stride, jobs].every((number) => Number.isSafeInteger(number) && number >= 1))
    throw new Error(USAGE);
  return { real, trace, planted, keepGoing, seeds, from, stride, jobs };
}

const MANY = 400;
const options = parse();
if (options.planted !== undefined) process.exitCode = plant(options.planted, options);
else process.exitCode = await (options.jobs > 1 ? simulateTogether(options) : simulate(options));
