import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';

/**
 * Milliseconds from the Enter key until a message that was typed is painted: the key's own time, as the browser took it in,
 * to the first task after the frame in which the message stands. A task that a frame's callback asks for runs
 * after that frame was drawn, and no timer of a page can be nearer to it.
 */
export async function sendToPainted(page: Page, field: string, text: string): Promise<number> {
  await page.getByRole('textbox', { name: field }).fill(text);
  await page.evaluate(`benchPainted(${JSON.stringify(text)})`);
  await page.keyboard.press('Enter');
  for (;;) {
    const milliseconds = (await page.evaluate('window.benchTime')) as number | null;
    if (milliseconds !== null) return milliseconds;
    await setTimeout(50);
  }
}

export async function watchSending(page: Page): Promise<void> {
  await page.evaluate(`window.benchPainted = (text) => {
    window.benchTime = null;
    let pressed = 0;
    addEventListener('keydown', ({ timeStamp }) => { pressed = timeStamp; }, { capture: true, once: true });
    const feed = document.querySelector('[role=feed]') ?? document.body;
    const look = new MutationObserver(() => {
      const isThere = [...feed.querySelectorAll('article')].slice(-3).some((each) => each.textContent.includes(text));
      if (pressed === 0 || !isThere) return;
      look.disconnect();
      requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { window.benchTime = performance.now() - pressed; };
        port2.postMessage(null);
      });
    });
    look.observe(document.body, { childList: true, subtree: true, characterData: true });
  }`);
}
