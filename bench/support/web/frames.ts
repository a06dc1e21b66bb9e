import type { Page } from 'playwright-core';

/** What was seen of a page's frames. */
export interface Frames {
  /** Milliseconds from each to the next. */
  readonly intervals: readonly number[];
  /** Pixels of the tallest stretch of the feed in which no row stood, of each frame. */
  readonly gaps: readonly number[];
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

/** Before each frame is drawn: how long ago the last one was, and where the rows of the feed stand. */
const WATCH = `{
  const [intervals, gaps] = [[], []];
  let [last, isOver] = [performance.now(), false];
  const feed = document.querySelector('[role=feed]');
  const tallestGap = () => {
    const { top, bottom } = feed.getBoundingClientRect();
    const rows = [...feed.querySelectorAll('[data-index]')].map((row) => row.getBoundingClientRect());
    let [covered, gap] = [top, 0];
    for (const row of rows.filter((each) => each.bottom > top && each.top < bottom).sort((one, two) => one.top - two.top)) {
      gap = Math.max(gap, row.top - covered);
      covered = Math.max(covered, row.bottom);
    }
    return Math.max(gap, bottom - covered);
  };
  const look = (now) => {
    if (isOver) return;
    intervals.push(now - last);
    last = now;
    if (feed !== null) gaps.push(tallestGap());
    requestAnimationFrame(look);
  };
  requestAnimationFrame((now) => { last = now; requestAnimationFrame(look); });
  window.benchFrames = { end() { isOver = true; return { intervals, gaps }; } };
}`;
