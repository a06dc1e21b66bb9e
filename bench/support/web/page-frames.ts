import { browsers } from '../../../test/browsers/browser.ts';
import { servePage } from '../../../test/web/support/built-page.ts';
import { quantile } from './frames.ts';

export interface PageFrames {
  /** Frames a second. */
  readonly ours: number;
  readonly raw: number;
}

/** SFrame in a page of Chromium and WebCrypto alone in the same page, in turns; medians. */
export async function timePageFrames({
  rounds,
  count,
}: {
  readonly rounds: number;
  readonly count: number;
}): Promise<PageFrames> {
  await using served = await servePage('test/web/pages/frames.entry.ts');
  const [chromium] = browsers;
  if (chromium === undefined) throw new Error('no browser');
  const page = await chromium.open(served.origin);
  const times: Record<'sframe' | 'raw', number[]> = { sframe: [], raw: [] };
  try {
    for (let round = 0; round <= rounds; round++) {
      for (const way of ['sframe', 'raw'] as const) {
        const milliseconds = (await page.evaluate(`frames.${way}(${count})`)) as number;
        // The first of each loads and compiles.
        if (round > 0) times[way].push(milliseconds);
      }
    }
  } finally {
    await page.close();
  }
  const rate = (values: readonly number[]): number => count / (quantile(values, 0.5) / 1000);
  return { ours: rate(times.sframe), raw: rate(times.raw) };
}
