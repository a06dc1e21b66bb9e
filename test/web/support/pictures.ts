import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { root } from '../../support/program.ts';

/**
 * Takes pictures of a screen for docs/screens: wide in light and dark, narrow in light and dark. Only with SOTTO_SCREENS=1, or with a folder
 * in it, which then gets PNG files to look at.
 */
export async function picture(page: Page, name: string): Promise<void> {
  const wanted = process.env['SOTTO_SCREENS'] ?? '';
  if (wanted === '') return;
  const folder = wanted === '1' ? join(root, 'docs/screens') : wanted;
  const format = wanted === '1' ? 'webp' : 'png';
  mkdirSync(folder, { recursive: true });
  const before = page.viewportSize();
  const session = await page.context().newCDPSession(page);
  for (const [width, height] of SIZES) {
    await page.setViewportSize({ width, height });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const { data } = await session.send('Page.captureScreenshot', {
        format,
        ...(format === 'webp' ? { quality: QUALITY } : {}),
      });
      writeFileSync(join(folder, `${name}-${width}-${colorScheme}.${format}`), Buffer.from(data, 'base64'));
    }
  }
  await session.detach();
  await page.emulateMedia({ colorScheme: null });
  if (before !== null) await page.setViewportSize(before);
}

const SIZES = [
  [1280, 800],
  [360, 720],
] as const;
const QUALITY = 70;
