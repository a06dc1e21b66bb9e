import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/**
 * Runs axe on what a page shows: light and dark, wide and as narrow as telephones. Throws what it finds. Nothing but colours
 * is other in the dark, so the rules of those alone are tried there.
 */
export async function checkAccessible(page: Page): Promise<void> {
  const before = page.viewportSize();
  const found: string[] = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: HEIGHT });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      found.push(...(await violations(page, colorScheme)).map((each) => `${width} px, ${colorScheme}: ${each}`));
      found.push(...(await overflow(page)).map((each) => `${width} px: ${each}`));
    }
  }
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
  if (found.length > 0) throw new Error(`${page.url()}\n${[...new Set(found)].join('\n')}`);
}

async function violations(page: Page, colorScheme: 'light' | 'dark'): Promise<readonly string[]> {
  // What is read out in passing names elements that may be gone again.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).exclude('[data-live-announcer]').exclude(TOOLTIP);
  if (colorScheme === 'light') axe.withTags(RULES);
  else axe.withRules(COLOURS);
  const { violations: all } = await axe.analyze();
  return all.flatMap(({ id, nodes }) => nodes.map(({ html, failureSummary }) => `${id}: ${html}\n  ${failureSummary}`));
}

/** Nothing is wider than the page, so that nobody has to scroll in two directions. */
async function overflow(page: Page): Promise<readonly string[]> {
  const wide = await page.evaluate<number>(
    'document.documentElement.scrollWidth - document.documentElement.clientWidth',
  );
  return wide > 0 ? [`the page is ${wide} px too wide`] : [];
}

/** The name of a button, drawn beside it: part of no landmark. */
const TOOLTIP = '[data-overlay-container]:has(> [role=tooltip])';
const WIDTHS = [1280, 360];
/** Of `RULES` those that colours can break. */
const COLOURS = ['color-contrast', 'link-in-text-block'];
const HEIGHT = 800;
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
