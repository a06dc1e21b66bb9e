import type { Page } from 'playwright-core';

/**
 * Presses Tab until what has the focus is called so: its label, its text, or what it is described as. Throws, naming where the
 * focus went, when it comes round without having met it.
 */
export async function tabTo(page: Page, name: string | RegExp, { back = false } = {}): Promise<void> {
  const met: string[] = [];
  for (let left = MOST; left > 0; left--) {
    await page.keyboard.press(back ? 'Shift+Tab' : 'Tab');
    const focused = await focusedName(page);
    if (typeof name === 'string' ? focused === name : name.test(focused)) return;
    met.push(focused);
  }
  throw new Error(`Tab never comes to ${name}; it goes ${met.join(' > ')}`);
}

/** Goes to a field with Tab and types into it. */
export async function typeInto(page: Page, label: string | RegExp, text: string): Promise<void> {
  await tabTo(page, label);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
}

/** Goes to a button or link with Tab and presses Enter. */
export async function press(page: Page, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** What has the focus, as it is called. */
export function focusedName(page: Page): Promise<string> {
  return page.evaluate(FOCUSED);
}

/** In the page. */
const FOCUSED = `(() => {
  const element = document.activeElement;
  // Past the last stop nothing has it.
  if (element === null || element === document.body) return '';
  const labelledBy = (element.getAttribute('aria-labelledby') ?? '')
    .split(' ')
    .map((id) => document.getElementById(id)?.textContent ?? '');
  const names = [
    element.getAttribute('aria-label'),
    labelledBy.join(' ').trim(),
    [...(element.labels ?? [])].map(({ textContent }) => textContent).join(' '),
    element.textContent,
  ];
  return (names.find((each) => each !== null && each !== '') ?? '').trim();
})()`;

/** More than any screen has. */
const MOST = 80;
