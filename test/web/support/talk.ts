import type { Locator, Page } from 'playwright-core';
import type { Person } from '../../support/person.ts';
import type { Visitor } from './visitor.ts';

/** Somebody at the command line asks a visitor, and is accepted. */
export async function accept({ page }: Visitor, { asker, name }: { asker: Person; name: string }): Promise<void> {
  await asker.lines('contact', 'add', `${name}@localhost`);
  await page.getByRole('link', { name: 'People' }).click();
  await page.getByRole('button', { name: `Accept ${asker.address}` }).click();
  await page.getByText(`${asker.address} is your contact now`).waitFor();
}

export async function openRoom(page: Page, name: string): Promise<void> {
  await page.getByRole('link', { name: 'Rooms', exact: true }).click();
  await page.locator('[data-room-item]', { hasText: name }).click();
  await composer(page).waitFor();
}

export async function say(page: Page, text: string): Promise<void> {
  await composer(page).fill(text);
  await composer(page).press('Enter');
}

export function composer(page: Page): Locator {
  return page.getByRole('textbox', { name: /^Message to/ });
}

export function message(page: Page, text: string): Locator {
  return page.getByRole('article').filter({ hasText: text }).last();
}
