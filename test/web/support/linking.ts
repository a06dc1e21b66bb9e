import type { Page } from 'playwright-core';
import { press, typeInto } from './keyboard.ts';
import { passphraseOf } from './visitor.ts';

/** At a new device, by keyboard alone: says whose it wants to be, and gives the code that it shows. */
export async function askToBeLinked(page: Page, name: string): Promise<string> {
  await page.getByRole('heading', { name: 'Link this device' }).waitFor();
  await page.keyboard.type(`${name}@localhost`);
  await typeInto(page, /^Passphrase/, passphraseOf(name));
  await typeInto(page, /^Name of this device/, 'phone');
  await page.keyboard.press('Enter');
  await page.getByText('Good for').waitFor({ timeout: 60_000 });
  return (await page.locator('code span').allTextContents()).join('');
}

/** At a device of the account: gives the code, and comes to the question. */
export async function enterLinkCode(page: Page, code: string): Promise<void> {
  await page.getByLabel('Link code').fill(code);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Is this your new device?' }).waitFor();
}

export async function approveDevice(page: Page): Promise<void> {
  await press(page, 'It is mine: approve');
  await page.getByRole('heading', { name: 'phone is linked' }).waitFor();
}
