import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/** Makes the page able to say when something was painted. */
export async function watchPainting(page: Page): Promise<void> {
  await page.evaluate(WATCH);
}

/**
 * Milliseconds from an event's own time, as the browser took it in, until the first task after the frame in which something
 * stands. A task that a frame's callback asks for runs after that frame was drawn, and no timer of a page can be nearer to it.
 * `isThere` is JavaScript of the page and is asked when its document has changed.
 */
export async function timePainted(
  page: Page,
  { event, isThere }: { readonly event: 'keydown' | 'click' | 'popstate'; readonly isThere: string },
  act: () => Promise<unknown>,
): Promise<number> {
  await page.evaluate(`benchPainted('${event}', () => ${isThere})`);
  await act();
  for (;;) {
    const milliseconds = (await page.evaluate('window.benchTime')) as number | null;
    if (milliseconds !== null) return milliseconds;
    await setTimeout(POLL_MILLISECONDS);
  }
}

const WATCH = `window.benchPainted = (event, isThere) => {
  window.benchTime = null;
  let begun = 0;
  addEventListener(event, ({ timeStamp }) => { begun = timeStamp; }, { capture: true, once: true });
  const look = new MutationObserver(() => {
    if (begun === 0 || !isThere()) return;
    look.disconnect();
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => { window.benchTime = performance.now() - begun; };
      port2.postMessage(null);
    });
  });
  look.observe(document, { childList: true, subtree: true, characterData: true, attributes: true, attributeFilter: ['style'] });
}`;
const POLL_MILLISECONDS = 50;
