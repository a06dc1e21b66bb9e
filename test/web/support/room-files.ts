import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Locator, Page } from 'playwright-core';
import { assert } from 'vitest';

export type Choice = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** Goes to an address as a link inside the client does. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`);
  await page.getByRole('heading', { level: 1 }).last().waitFor();
}

/** Gives files to the room that is shown. */
export async function choose(page: Page, files: readonly Choice[]): Promise<void> {
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles([...files]);
}

export function fileButton(page: Page, name: string): Locator {
  return page.getByRole('button', { name: new RegExp(`^(?:Show|Download) ${name.replaceAll('.', '\\.')}$`) });
}

/** Downloads a file and gives the SHA-256 of what arrived. */
export async function downloaded(page: Page, name: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download'), fileButton(page, name).click()]);
  assert.strictEqual(download.suggestedFilename(), name);
  return sha256(readFileSync(await download.path()));
}

export function sha256(content: Uint8Array | string): string {
  return createHash('sha256').update(content).digest('hex');
}
