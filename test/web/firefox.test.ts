import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, onTestFinished, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { checkAccessible } from './support/accessible.ts';
import { launch, newContext } from './support/engine.ts';
import { approveDevice, askToBeLinked, enterLinkCode } from './support/linking.ts';
import { choose, downloaded, fileButton, goTo, sha256 } from './support/room-files.ts';
import { message, openRoom, say } from './support/talk.ts';
import { fillSignUp, passphraseOf, type Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('from the invitation to the second device in Firefox', { timeout: 300_000 }, () => {
  let world: WebWorld;
  let folder: TemporaryFolder;
  let alice: Visitor;
  let bob: Visitor;

  beforeAll(async () => {
    folder = new TemporaryFolder();
    world = await WebWorld.start('Firefox');
    alice = await world.visitor();
  }, 300_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  test('the owner signs up, and proves that the recovery key is written down', async () => {
    const page = await alice.open(world.ownerInvitation());
    await page.getByRole('button', { name: 'Create your account' }).click();
    await fillSignUp(page, 'alice');
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('button', { name: 'Show my recovery key' }).click({ timeout: 120_000 });
    await page.getByRole('button', { name: 'Copy the key' }).waitFor();
    const groups = await page.locator('[data-printed] code').allTextContents();
    assert.match(groups.join('-'), /^(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}$/);
    const asked = Number(/group ([1-8])/.exec((await page.getByText(/^Type group/).textContent()) ?? '')?.[1]);
    await page.getByLabel(/^Type group [1-8]/).fill(groups[asked - 1] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You can always come back' }).waitFor();
    await page.getByRole('button', { name: 'To your rooms' }).click();
    await page.waitForURL('**/rooms');
    alice.checkCalm();
  });

  test('invites a second user, and they talk in a room', async () => {
    const { page } = alice;
    await goTo(page, '/admin/invitations');
    await page.getByRole('button', { name: 'Make invitations' }).click();
    await page.getByText('One invitation is ready').waitFor();
    bob = await world.visitor();
    await bob.signUp('bob', (await page.locator('code').first().textContent()) ?? '');
    await goTo(page, '/people/add');
    await page.getByLabel('Address, link of a card, or vCard').fill('bob@localhost');
    await page.getByRole('button', { name: 'Ask', exact: true }).click();
    await goTo(bob.page, '/people');
    await bob.page.getByRole('button', { name: 'Accept alice@localhost' }).click();
    await page.getByRole('button', { name: 'Start a conversation' }).waitFor();
    await goTo(page, '/rooms/new');
    await page.getByLabel('Name of the room').fill('Ward');
    await page.getByText('bob@localhost', { exact: true }).click();
    await page.getByRole('button', { name: 'Create the room' }).click();
    await page.waitForURL(/\/rooms\/[0-9a-f]{64}$/);
    await say(page, 'Good **morning**');
    await openRoom(bob.page, 'Ward');
    await message(bob.page, 'Good morning').waitFor();
    await say(bob.page, 'To you, too');
    await message(page, 'To you, too').waitFor();
    await checkAccessible(page);
    await goTo(bob.page, '/people/alice@localhost');
    await checkAccessible(bob.page);
    await openRoom(bob.page, 'Ward');
    alice.checkCalm();
    bob.checkCalm();
  });

  test('the account opens again by its passphrase', async () => {
    const page = await alice.reload('/rooms');
    await page.getByRole('link', { name: /alice@localhost/ }).click();
    await page.getByLabel('Passphrase', { exact: true }).fill(passphraseOf('alice'));
    await page.keyboard.press('Enter');
    await openRoom(page, 'Ward');
    await message(page, 'To you, too').waitFor();
    alice.checkCalm();
  });

  test('a file is sent, shown and saved', async () => {
    await goTo(alice.page, `${placeOf(alice.page)}/files`);
    const data = Buffer.alloc(3_000_000, 'report');
    writeFileSync(folder.at('note.txt'), 'Only for the two of us');
    writeFileSync(folder.at('report.dat'), data);
    await choose(alice.page, [folder.at('note.txt'), folder.at('report.dat')]);
    await goTo(bob.page, `${placeOf(bob.page)}/files`);
    await fileButton(bob.page, 'note.txt').click();
    const frame = bob.page.frameLocator('iframe[src="/preview.html"]');
    await frame.getByText('Only for the two of us').waitFor();
    await bob.page.getByRole('button', { name: 'Close' }).click();
    assert.strictEqual(await downloaded(bob.page, 'report.dat'), sha256(data));
    await bob.page.getByText('it is what its sender signed').waitFor();
    alice.checkCalm();
    bob.checkCalm();
  });

  test('a second device is linked by a code, and has the whole past', async () => {
    const phone = await world.visitor();
    const page = await phone.open('/link');
    const code = await askToBeLinked(page, 'alice');
    const old = await alice.go('/link');
    await enterLinkCode(old, code);
    await approveDevice(old);
    await page.getByRole('heading', { name: 'This device is linked' }).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await page.waitForURL('**/rooms');
    await openRoom(page, 'Ward');
    for (const text of ['Good morning', 'To you, too', 'note.txt']) await message(page, text).waitFor();
    phone.checkCalm();
    alice.checkCalm();
  });

  test('a private window says that keys cannot be kept there', async () => {
    const browser = await launch('Firefox', { 'browser.privatebrowsing.autostart': true });
    onTestFinished(() => browser.close());
    const page = await (await newContext(browser, 'Firefox')).newPage();
    await page.goto(world.origin);
    await page.getByRole('heading', { name: 'Sotto cannot keep your keys here' }).waitFor();
    await page.getByText('private-window', { exact: true }).waitFor();
  });

  test('control: what the policy refuses would have been seen', async () => {
    await alice.page.evaluate("fetch('https://example.org/').catch(() => null)");
    await alice.refused(/connect-src https:\/\/example.org/);
  });
});

/** The address of the room that is shown. */
function placeOf(page: Page): string {
  return new URL(page.url()).pathname.replace(/\/files$/, '');
}
