import { readFileSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { focusedName, press, tabTo, typeInto } from './support/keyboard.ts';
import { openWard, sha256, type Ward, whileUploading } from './support/room-files.ts';
import { message } from './support/talk.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('by keyboard alone', { timeout: 180_000 }, () => {
  let world: WebWorld;
  let folder: TemporaryFolder;
  let ward: Ward;
  let page: Page;

  beforeAll(async () => {
    folder = new TemporaryFolder();
    world = await WebWorld.start();
    ward = await openWard(world);
    ({ page } = ward.alice);
  }, 300_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  test('a file is sent, paused and gone on with', async () => {
    const path = folder.at('film.dat');
    writeFileSync(path, Buffer.alloc(12_000_000, 'film'));
    await whileUploading(page, async () => {
      await choosing(page, path, () => press(page, 'Add files'));
      await press(page, 'Pause film.dat');
      await page.getByText('Paused').waitFor();
    });
    await press(page, 'Go on with film.dat');
    await page.getByRole('button', { name: 'Download film.dat' }).waitFor({ timeout: 120_000 });
  });

  test('an upload is given up', async () => {
    const path = folder.at('other.dat');
    writeFileSync(path, Buffer.alloc(12_000_000, 'other'));
    await whileUploading(page, async () => {
      await choosing(page, path, () => press(page, 'Add files'));
      await press(page, 'Cancel other.dat');
      await page.getByRole('progressbar', { name: 'other.dat' }).waitFor({ state: 'detached' });
    });
  });

  test('a file is saved', async () => {
    const [download] = await Promise.all([page.waitForEvent('download'), press(page, 'Download film.dat')]);
    assert.strictEqual(sha256(readFileSync(await download.path())), sha256(readFileSync(folder.at('film.dat'))));
  });

  test('a file is shown, and put away again', async () => {
    writeFileSync(folder.at('note.txt'), 'Only the keys are needed');
    await ward.owner.lines('file', 'send', ward.room, folder.at('note.txt'));
    await page.getByRole('button', { name: 'Show note.txt' }).waitFor();
    await press(page, 'Show note.txt');
    await page.frameLocator('iframe[src="/preview.html"]').getByText('Only the keys are needed').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    assert.strictEqual(await focusedName(page), 'Show note.txt', 'back to where it was asked for');
  });

  test('a file is removed', async () => {
    await press(page, 'What can be done with film.dat');
    await page.getByRole('menuitem', { name: 'Remove' }).waitFor();
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Remove this file for everybody?' }).waitFor();
    await press(page, 'Remove');
    await page.getByRole('button', { name: 'Download film.dat' }).waitFor({ state: 'detached' });
    ward.alice.checkCalm();
  });

  test('something said is found from anywhere, and gone to', async () => {
    for (const text of ['The results are in', 'Nothing to report']) {
      await ward.owner.lines('message', 'send', ward.room, text);
    }
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').waitFor();
    await page.keyboard.type('results');
    await page.getByRole('option', { name: /The results are in/ }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(/message=/);
    await message(page, 'The results are in').waitFor();
  });

  test('a search is narrowed, and a hit opened', async () => {
    await press(page, 'Search');
    await page.getByRole('heading', { name: 'Search', level: 1 }).waitFor();
    await tabTo(page, 'Find messages and files');
    await page.keyboard.type('note');
    await page.getByRole('list', { name: 'Found' }).getByText('note').first().waitFor();
    await pick(page, 'What', 'Messages');
    await page.getByText('Nothing found').waitFor();
    await pick(page, 'What', 'Files');
    await pick(page, 'Person', 'owner@localhost');
    await typeInto(page, 'From', '2020-01-01');
    const hit = page.getByRole('list', { name: 'Found' }).getByRole('link');
    await hit.first().waitFor();
    assert.strictEqual(await hit.count(), 1);
    await tabTo(page, /note/);
    await page.keyboard.press('Enter');
    await page.waitForURL(/message=/);
    ward.alice.checkCalm();
  });
});

/** Does what asks for a file, and gives it one. */
async function choosing(page: Page, path: string, ask: () => Promise<void>): Promise<void> {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), ask()]);
  await chooser.setFiles(path);
}

/** Chooses from a list behind a button, by its first letters. */
async function pick(page: Page, label: string, option: string): Promise<void> {
  await tabTo(page, new RegExp(`${label}$`));
  await page.keyboard.press('Enter');
  await page.getByRole('option', { name: option }).waitFor();
  await page.keyboard.type(option.slice(0, 3));
  await page.keyboard.press('Enter');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
}
