import type { Page } from 'playwright-core';

/** What was seen of a page's frames. */
export interface Frames {
  /** Milliseconds from each to the next. */
  readonly intervals: readonly number[];
  /** Those in which a part of the feed showed no row. */
  readonly blank: number;
}

/** Looks at every frame of a page while something is done with it. */
export async function watchFrames(page: Page, work: () => Promise<void>): Promise<Frames> {
  await page.bringToFront();
  await page.evaluate(WATCH);
  await work();
  return (await page.evaluate('window.benchFrames.end()')) as Frames;
}

/** The value below which a share of the values lies. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** Before each frame is drawn: how long ago the last one was, and what lies at five heights of the feed. */
const WATCH = `{
  const intervals = [];
  let [blank, last, isOver] = [0, performance.now(), false];
  const feed = document.querySelector('[role=feed]');
  const isBlank = () => {
    const { left, width, top, height } = feed.getBoundingClientRect();
    return [0.02, 0.25, 0.5, 0.75, 0.98].some((share) => {
      const there = document.elementFromPoint(left + width / 2, top + share * height);
      return there !== null && feed.contains(there) && there.closest('[data-index]') === null;
    });
  };
  const look = (now) => {
    if (isOver) return;
    intervals.push(now - last);
    last = now;
    if (feed !== null && isBlank()) blank += 1;
    requestAnimationFrame(look);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(look); });
  window.benchFrames = { end() { isOver = true; return { intervals, blank }; } };
}`;
