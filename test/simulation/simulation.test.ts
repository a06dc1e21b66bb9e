import { type CityImage, prepareCity } from '@sotto/testing/simulation';
import { assert, beforeAll, describe, test } from 'vitest';
import { runSeed } from './run.ts';

/** How many seeds of each kind; `npm run simulate` runs any others. */
const SEEDS = {
  fake: Number(process.env['SOTTO_FAKE_SEEDS'] ?? 200),
  real: Number(process.env['SOTTO_REAL_SEEDS'] ?? 20),
};

describe.each(['fake', 'real'] as const)('a city with %s cryptography', (crypto) => {
  let image: CityImage;

  beforeAll(async () => {
    image = await prepareCity(crypto);
  }, 300_000);

  test('one seed always leads to the same state', async () => {
    const [first, second] = [await runSeed(image, 3), await runSeed(image, 3)];
    assert.deepEqual(second, first);
    assert.notStrictEqual((await runSeed(image, 4)).hash, first.hash);
  });

  test('comes through every kind of trouble', async () => {
    for (let seed = 1; seed <= SEEDS[crypto]; seed++) {
      const { violations } = await runSeed(image, seed);
      const replay = `npm run simulate -- --seeds 1 --from ${seed}${crypto === 'real' ? ' --real' : ''} --trace`;
      assert.deepEqual(violations, [], replay);
    }
  }, 1_200_000);
});
