import type { Browser } from 'playwright-core';
import { servePage } from '../../../test/web/support/built-page.ts';
import { quantile } from './frames.ts';

export interface Sealing {
  /** MiB a second. */
  readonly worker: number;
  readonly raw: number;
}

/** Sealing as files are sealed, in a worker, and WebCrypto alone in the page that started it, in turns; medians. */
export async function timeSealing(browser: Browser): Promise<Sealing> {
  await using served = await servePage('test/web/pages/seal.entry.ts');
  const page = await browser.newPage();
  await page.goto(served.origin);
  const times: Record<'inWorker' | 'raw', number[]> = { inWorker: [], raw: [] };
  for (let round = 0; round <= ROUNDS; round++) {
    for (const way of ['inWorker', 'raw'] as const) {
      const milliseconds = (await page.evaluate(`seal.${way}(${CHUNKS})`)) as number;
      // The first of each loads and compiles.
      if (round > 0) times[way].push(milliseconds);
    }
  }
  await page.close();
  const rate = (values: readonly number[]): number => CHUNKS / (quantile(values, 0.5) / 1000);
  return { worker: rate(times.inWorker), raw: rate(times.raw) };
}

const ROUNDS = 7;
const CHUNKS = 64;
