import type { CityImage, CryptoKind } from '@sotto/testing/simulation';
import { assert } from 'vitest';
import { runSeed } from './run.ts';

/** Runs the first seeds; the message of a failure is what replays it. */
export async function passes(image: CityImage, crypto: CryptoKind, seeds: number): Promise<void> {
  for (let seed = 1; seed <= seeds; seed++) {
    const { violations } = await runSeed(image, seed);
    const replay = `npm run simulate -- --seeds 1 --from ${seed}${crypto === 'real' ? ' --real' : ''} --trace`;
    assert.deepEqual(violations, [], replay);
  }
}

/** Runs a seed twice and another one. */
export async function repeats(image: CityImage, seed: number): Promise<void> {
  const [first, second] = [await runSeed(image, seed), await runSeed(image, seed)];
  assert.deepEqual(second, first);
  assert.notStrictEqual((await runSeed(image, seed + 1)).hash, first.hash);
}
