import { setTimeout } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { type Frames, watchFrames } from './frames.ts';
import { timePainted } from './painted.ts';
import { callBox } from './vault-calls.ts';

/** What somebody does in a room that is shown, and what that takes. Messages have their number as their second word. */

/** Milliseconds from the press of the link to the room until it is painted. */
export function openRoom(page: Page, name: string): Promise<number> {
  const isThere = `document.querySelector('[role=feed] article') !== null`;
  const link = page.getByRole('link', { name: new RegExp(name) }).first();
  return timePainted(page, { event: 'click', isThere }, () => link.click());
}

/** Milliseconds from the Enter key until a message that was typed is painted. */
export async function sendToPainted(page: Page, field: string, text: string): Promise<number> {
  await page.getByRole('textbox', { name: field }).fill(text);
  const isThere = `[...document.querySelectorAll('[role=feed] article')].slice(-3).some((each) => each.textContent.includes(${JSON.stringify(text)}))`;
  return timePainted(page, { event: 'keydown', isThere }, () => page.keyboard.press('Enter'));
}

/** Milliseconds from the address of a message, as a hit of a search leads to it, until it is painted in sight. */
export async function jumpTo(page: Page, room: string, n: number): Promise<number> {
  const { hits } = await callBox<{ readonly hits: readonly { readonly id: string }[] }>(
    page,
    ['search', 'find'],
    [`"message ${n}"`],
  );
  const id = hits[0]?.id;
  if (id === undefined) throw new Error(`message ${n} is not found`);
  return timePainted(page, { event: 'popstate', isThere: `benchIsInSight('${id}')` }, () =>
    page.evaluate(
      `history.pushState(null, '', '/rooms/${room}?message=${id}'); dispatchEvent(new PopStateEvent('popstate'))`,
    ),
  );
}

export async function watchSight(page: Page): Promise<void> {
  await page.evaluate(`window.benchIsInSight = (id) => {
    const feed = document.querySelector('[role=feed]')?.getBoundingClientRect();
    const article = document.querySelector('[role=feed] [data-message="' + id + '"]')?.getBoundingClientRect();
    return feed !== undefined && article !== undefined && article.top >= feed.top && article.bottom <= feed.bottom;
  }`);
}

/** Frames of a page while the wheel is turned for some seconds; downwards for more than 0 pixels. */
export function steadyFrames(page: Page, pixels: number): Promise<Frames> {
  return watchFrames(page, async () => {
    const end = performance.now() + STEADY_MILLISECONDS;
    while (performance.now() < end) await turn(page, pixels);
  });
}

/** Frames while the wheel is turned as fast as the page follows, from where the room is down to its last message, which says this. */
export function framesDownTo(page: Page, last: string): Promise<Frames> {
  return watchFrames(page, async () => {
    const isThere = `[...document.querySelectorAll('[role=feed] article')].at(-1)?.textContent.includes(${JSON.stringify(last)})`;
    while (!(await page.evaluate(isThere))) for (let i = 0; i < 10; i++) await turn(page, FAST_PIXELS);
  });
}

async function turn(page: Page, pixels: number): Promise<void> {
  await page.mouse.wheel(0, pixels);
  await setTimeout(TURN_MILLISECONDS);
}

const STEADY_MILLISECONDS = 10_000;
const TURN_MILLISECONDS = 30;
const FAST_PIXELS = 4000;
