import { spawnSync } from 'node:child_process';
import { assert, describe, test } from 'vitest';
import { checkMutations, mutationEnv } from '../support/mutation.ts';
import { root } from '../support/program.ts';
import { plantedBugs } from './planted-bugs.ts';

describe('a planted bug is found', () => {
  test.each(Object.entries(plantedBugs))(
    '%s',
    (_name, mutation) => {
      checkMutations([mutation]);
      const words = [`${root}scripts/simulate.ts`, '--seeds', '400', '--jobs', '1'];
      const env = { ...process.env, ...mutationEnv([mutation]) };
      const { status, stdout } = spawnSync(process.execPath, words, { env, encoding: 'utf8' });
      assert.match(stdout, /^seed \d+ failed, state [0-9a-f]{32}:$/m);
      assert.match(stdout, /^replay: npm run simulate -- --seeds 1 --from \d+ --trace$/m);
      assert.strictEqual(status, 1);
    },
    600_000,
  );
});
