import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../support/program.ts';

/**
 * Takes pictures of a screen. With SOTTO_SCREENS=1 those of the guide go into docs/screens: wide in light, narrow in dark. With a folder in
 * it all four go there, as PNG files to look at.
 */
export async function picture(page: Page, name: string): Promise<void> {
  const wanted = process.env['SOTTO_SCREENS'] ?? '';
  if (wanted === '') return;
  const isGuide = wanted === '1';
  const folder = isGuide ? join(root, 'docs/screens') : wanted;
  const format = isGuide ? 'webp' : 'png';
  mkdirSync(folder, { recursive: true });
  // What is told in passing is gone soon.
  await page.locator('[aria-live=polite] > p').first().waitFor({ state: 'detached' });
  const before = page.viewportSize();
  const session = await page.context().newCDPSession(page);
  for (const { width, height, colorScheme, inGuide } of LOOKS) {
    if (isGuide && !inGuide) continue;
    await page.setViewportSize({ width, height });
    await page.emulateMedia({ colorScheme });
    const quality = isGuide ? { quality: QUALITY } : {};
    const { data } = await session.send('Page.captureScreenshot', { format, ...quality });
    writeFileSync(join(folder, `${name}-${width}-${colorScheme}.${format}`), Buffer.from(data, 'base64'));
  }
  await session.detach();
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
}

const LOOKS = [
  { width: 1280, height: 800, colorScheme: 'light', inGuide: true },
  { width: 1280, height: 800, colorScheme: 'dark', inGuide: false },
  { width: 360, height: 720, colorScheme: 'light', inGuide: false },
  { width: 360, height: 720, colorScheme: 'dark', inGuide: true },
] as const;
const QUALITY = 70;
