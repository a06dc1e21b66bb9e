import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { prepareCity } from '@sotto/testing/simulation';
import { plantedBugs } from '../test/simulation/planted-bugs.ts';
import { runSeed } from '../test/simulation/run.ts';
import { mutationEnv } from '../test/support/mutation.ts';

const USAGE = `usage: npm run simulate -- [--seeds N] [--from K] [--real] [--keep-going] [--trace] [--planted NAME|all]
  --seeds N        how many seeds, 100 unless said otherwise
  --from K         the first one, 1 unless said otherwise
  --real           the cryptography of the product, with seeded randomness
  --keep-going     goes on after a failure
  --trace          what happened, line by line
  --planted NAME   with a bug planted: one of ${Object.keys(plantedBugs).join(', ')}, or all of them in turn`;

/** Runs seeds; on a failure prints what replays it and ends with 1. */
async function simulate(options: ReturnType<typeof parse>): Promise<number> {
  const image = await prepareCity(options.real ? 'real' : 'fake');
  const begun = performance.now();
  const rate = (seeds: number): string => (seeds / ((performance.now() - begun) / 1000)).toFixed(1);
  let failed = 0;
  for (let i = 0; i < options.seeds; i++) {
    const { seed, hash, violations, lines } = await runSeed(image, options.from + i);
    if (options.trace) console.log(lines.join('\n'));
    if (options.trace || options.seeds === 1) console.log(`seed ${seed} has the state ${hash}`);
    if (violations.length > 0) {
      console.log(`seed ${seed} failed, state ${hash}:\n${violations.join('\n')}`);
      console.log(`replay: npm run simulate -- --seeds 1 --from ${seed}${options.real ? ' --real' : ''} --trace`);
      if (!options['keep-going']) return 1;
      failed += 1;
    }
    if ((i + 1) % 100 === 0) console.log(`${i + 1} seeds passed, ${rate(i + 1)} a second`);
  }
  console.log(`${options.seeds - failed} seeds passed, ${rate(options.seeds)} a second`);
  return failed === 0 ? 0 : 1;
}

/** Runs this program with each bug in turn; 1 if one of them is not caught. */
function plant(name: string, options: ReturnType<typeof parse>): number {
  const chosen =
    name === 'all' ? Object.entries(plantedBugs) : Object.entries(plantedBugs).filter(([own]) => own === name);
  if (chosen.length === 0) throw new Error(USAGE);
  let missed = 0;
  for (const [bug, mutation] of chosen) {
    const words = [
      '--seeds',
      String(options.seeds),
      '--from',
      String(options.from),
      ...(options.real ? ['--real'] : []),
    ];
    const env = { ...process.env, ...mutationEnv([mutation]) };
    const { status, stdout } = spawnSync(process.execPath, [import.meta.filename, ...words], { env, encoding: 'utf8' });
    const seed = /^seed (\d+) failed/m.exec(stdout)?.[1];
    const isCaught = status === 1 && seed !== undefined;
    if (!isCaught) missed += 1;
    console.log(isCaught ? `${bug}: caught by seed ${seed}` : `${bug}: not caught (${status})`);
  }
  return missed === 0 ? 0 : 1;
}

function parse() {
  const { values } = parseArgs({
    options: {
      seeds: { type: 'string', default: '100' },
      from: { type: 'string', default: '1' },
      real: { type: 'boolean', default: false },
      'keep-going': { type: 'boolean', default: false },
      trace: { type: 'boolean', default: false },
      planted: { type: 'string' },
    },
  });
  const [seeds, from] = [Number(values.seeds), Number(values.from)];
  if (!Number.isSafeInteger(seeds) || !Number.isSafeInteger(from) || seeds < 1) throw new Error(USAGE);
  return { ...values, seeds, from };
}

const options = parse();
process.exitCode = options.planted === undefined ? await simulate(options) : plant(options.planted, options);
