import type { Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import type { Person } from '../support/person.ts';
import { checkAccessible } from './support/accessible.ts';
import { focusedName, press, tabTo, typeInto } from './support/keyboard.ts';
import { picture } from './support/pictures.ts';
import type { Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';
const ALICE = 'alice@localhost';
const BOB = 'bob@localhost';

describe.skipIf(withoutPeers)('people and rooms in browsers, by keyboard alone', { timeout: 180_000 }, () => {
  let world: WebWorld;
  let alice: Visitor;
  let bob: Visitor;
  /** At the command line. */
  let owner: Person;

  beforeAll(async () => {
    world = await WebWorld.start();
    owner = await world.owner();
    [alice, bob] = [await world.signUp('alice'), await world.signUp('bob')];
  }, 300_000);

  afterAll(() => world?.[Symbol.asyncDispose]());

  test('one asks, the other accepts', async () => {
    const { page } = alice;
    await press(page, 'People');
    await page.getByRole('heading', { name: 'Nobody here yet' }).waitFor();
    await press(page, 'Add somebody');
    await page.getByRole('heading', { name: 'Add somebody' }).waitFor();
    await page.getByLabel('Address, link of a card, or vCard').press('End');
    await page.keyboard.type(BOB);
    await press(page, 'Ask');
    await page.getByText('There is nothing to compare before they have accepted').waitFor();
    await press(bob.page, 'People');
    await bob.page.getByText('They ask to reach you').waitFor();
    await press(bob.page, `Accept ${ALICE}`);
    await bob.page.getByRole('heading', { name: ALICE }).waitFor();
    await page.getByRole('button', { name: 'Start a conversation' }).waitFor();
  });

  test('both see the same pictures and digits', async () => {
    await press(alice.page, 'Compare now');
    await press(bob.page, 'Compare now');
    const theirs = await shownPictures(alice.page, `Their pictures: ${BOB}`);
    assert.lengthOf(theirs, 16);
    assert.deepEqual(await shownPictures(bob.page, `Your pictures: ${BOB}`), theirs);
    await checkAccessible(alice.page);
    await picture(alice.page, 'compare');
    await chooseTab(alice.page, 'Digits');
    await chooseTab(bob.page, 'Digits');
    const digits = await shownDigits(alice.page);
    assert.match(digits.join(''), /^\d{60}$/);
    assert.deepEqual(await shownDigits(bob.page), digits);
  });

  test('“they match” verifies, “they do not match” takes it back and says what to do', async () => {
    const { page } = alice;
    await press(page, 'They match');
    await page.getByText('You compared: these are their keys').waitFor();
    await press(page, 'Compare again');
    await press(page, 'They do not match');
    await press(page, 'It differs: trust nothing');
    await page.getByText('What you compared did not match').waitFor();
    await page.getByText('Not verified', { exact: true }).waitFor();
  });

  test('the QR code on one screen verifies on the other, that of anything else does not', async () => {
    await press(alice.page, 'Compare now');
    await chooseTab(alice.page, 'QR code');
    await chooseTab(bob.page, 'QR code');
    await checkAccessible(bob.page);
    await typeInto(bob.page, 'Or paste what their code says', `${(await owner.line('account', 'card')).link}\n`);
    await bob.page.getByText('comparison-malformed').waitFor();
    // What is told in passing may lie over the code.
    await alice.page.locator('[aria-live=polite] > p').first().waitFor({ state: 'detached' });
    const shown = await alice.page.getByRole('img', { name: `QR code for ${BOB} to scan` }).screenshot();
    const file = { name: 'code.png', mimeType: 'image/png', buffer: shown };
    await bob.page.locator('input[type=file]').setInputFiles(file);
    await bob.page.getByText('You compared: these are their keys').waitFor();
    await bob.page.getByText(`${ALICE} is verified`).waitFor();
    await picture(bob.page, 'person');
  });

  test('a room of three is made', async () => {
    const { page } = alice;
    await owner.line('contact', 'add', ALICE);
    await press(page, `Accept ${'owner@localhost'}`);
    await page.getByRole('heading', { name: 'owner@localhost' }).waitFor();
    await press(page, 'Your business card');
    await page.getByRole('img', { name: `QR code of the card of ${ALICE}` }).waitFor();
    await picture(page, 'card');
    await press(page, 'Rooms');
    await press(page, /^New room/);
    await page.getByRole('heading', { name: 'New room' }).waitFor();
    await typeInto(page, /^Name of the room/, 'Ward 3');
    for (const address of [BOB, 'owner@localhost']) {
      await tabTo(page, new RegExp(address));
      await page.keyboard.press('Space');
    }
    await picture(page, 'new-room');
    await press(page, 'Create the room');
    await page.waitForURL(/\/rooms\/[0-9a-f]{64}$/);
    assert.deepInclude((await owner.lines('room', 'list')).at(0), { name: 'Ward 3', members: 3, era: 0 });
  });

  test('who is removed is shut out by a new era', async () => {
    const { page } = alice;
    await press(page, /members/i);
    await page.getByText('3 in the room').waitFor();
    await picture(page, 'members');
    await press(page, `Remove ${BOB}`);
    await press(page, 'Remove');
    await page.getByText('2 in the room').waitFor();
    await page.getByText('Era 1', { exact: true }).waitFor();
    assert.deepInclude((await owner.lines('room', 'list')).at(0), { members: 2, era: 1 });
  });

  test('no script failed, and the policy of the page was never broken', () => {
    alice.checkCalm();
    bob.checkCalm();
  });
});

/** Their words and what is drawn, in order. */
async function shownPictures(page: Page, label: string): Promise<readonly string[]> {
  const items = page.getByRole('list', { name: label }).getByRole('listitem');
  await items.first().waitFor();
  return items.evaluateAll((all) =>
    all.map((item) => `${item.textContent} ${item.querySelector('path')?.getAttribute('d')}`),
  );
}

async function chooseTab(page: Page, name: string): Promise<void> {
  const names = await page.getByRole('tab').allTextContents();
  const from = (await page.getByRole('tab', { selected: true }).textContent()) ?? '';
  // The panel of a tab is called like it, and comes behind it.
  if ((await focusedName(page)) !== from) await tabTo(page, from);
  for (let at = names.indexOf(from); at < names.indexOf(name); at++) await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('tab', { name, selected: true }).waitFor();
  await page.getByRole('tabpanel', { name }).waitFor();
}

/** The digits of both halves, in the order in which they stand. */
async function shownDigits(page: Page): Promise<readonly string[]> {
  const texts = await page.getByRole('tabpanel').getByRole('figure').locator('p').allInnerTexts();
  return texts.map((text) => text.replaceAll(/\s/g, ''));
}
