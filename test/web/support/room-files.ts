import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Locator, Page, Route } from 'playwright-core';
import { assert } from 'vitest';
import type { Person } from '../../support/person.ts';
import type { Visitor } from './visitor.ts';
import type { WebWorld } from './web-world.ts';

export type Choice = { readonly name: string; readonly mimeType: string; readonly buffer: Buffer };

/** A room of the owner, at the command line, and of alice, whose browser shows the files of it. */
export interface Ward {
  readonly owner: Person;
  readonly alice: Visitor;
  /** Its id. */
  readonly room: string;
}

export async function openWard(world: WebWorld, how: Parameters<WebWorld['signUp']>[1] = {}): Promise<Ward> {
  const [owner, alice] = [await world.owner(), await world.signUp('alice', how)];
  await owner.lines('contact', 'add', 'alice@localhost');
  await goTo(alice.page, '/people');
  await alice.page.getByRole('button', { name: /Accept/ }).click();
  await alice.page.getByText(`${owner.address} is your contact now`).waitFor();
  const { id: room } = await owner.line('room', 'create', 'Ward');
  await owner.lines('room', 'add', room, 'alice@localhost');
  await goTo(alice.page, '/rooms');
  await alice.page.getByRole('link', { name: /Ward/ }).waitFor();
  await goTo(alice.page, `/rooms/${room}/files`);
  return { owner, alice, room };
}

/** Goes to an address as a link inside the client does. */
export async function goTo(page: Page, path: string): Promise<void> {
  await page.evaluate(`history.pushState(null, '', '${path}'); dispatchEvent(new PopStateEvent('popstate'))`);
  await page.getByRole('heading', { level: 1 }).last().waitFor();
}

/** Gives files to the room that is shown; in Firefox those of paths alone. */
export async function choose(page: Page, files: readonly Choice[] | readonly string[]): Promise<void> {
  const input = page.locator('input[type=file]').first();
  await input.setInputFiles([...files] as Choice[] | string[]);
}

/** While `during` runs only the first part of an upload gets to the server: no machine is too quick for what is tried. */
export async function whileUploading(page: Page, during: () => Promise<void>): Promise<void> {
  const over = Promise.withResolvers<void>();
  let parts = 0;
  const hold = async (route: Route): Promise<void> => {
    if (route.request().method() === 'PATCH' && parts++ > 0) await over.promise;
    // What was stopped meanwhile needs no answer.
    await route.continue().catch(() => undefined);
  };
  await page.context().route('**/v1/**', hold);
  try {
    await during();
  } finally {
    over.resolve();
    await page.context().unroute('**/v1/**', hold);
  }
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
