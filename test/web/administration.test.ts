import type { Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { checkAccessible } from './support/accessible.ts';
import { press, tabTo } from './support/keyboard.ts';
import { picture } from './support/pictures.ts';
import { passphraseOf, type Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('security centre, settings and administration', () => {
  let world: WebWorld;
  let alice: Visitor;

  beforeAll(async () => {
    world = await WebWorld.start();
    alice = await world.visitor();
    await alice.signUp('alice', world.ownerInvitation());
  }, 300_000);

  afterAll(() => world?.[Symbol.asyncDispose]());

  describe('the owner', () => {
    test('invites somebody, who is refused kindly', { timeout: 300_000 }, async () => {
      const { page } = alice;
      await go(page, 'Admin', 'Invitations');
      await page.getByRole('button', { name: 'Make invitations' }).click();
      await page.getByText('One invitation is ready').waitFor();
      const link = await page.locator('code').first().textContent();
      const bob = await world.visitor();
      await bob.signUp('bob', link ?? '');
      await bob.page.getByRole('link', { name: 'Security', exact: true }).waitFor();
      assert.strictEqual(await bob.page.getByRole('link', { name: 'Admin', exact: true }).count(), 0);
      await openLocked(bob, '/admin', 'bob');
      await bob.page.getByText('This is for those who administer the server').waitFor();
      await checkAccessible(bob.page);
      bob.checkCalm();
      await bob.leave();
    });

    test('suspends and lets in again, and the audit log tells it', async () => {
      const { page } = alice;
      await go(page, 'Admin', 'Users');
      await act(page, 'Suspend');
      await page.getByRole('dialog').getByRole('button', { name: 'Suspend' }).click();
      await page.getByRole('row', { name: /^bob@localhost.*Suspended/ }).waitFor();
      await act(page, 'Let in again');
      await page.getByRole('dialog').getByRole('button', { name: 'Let in again' }).click();
      await page.getByRole('row', { name: /^bob@localhost.*Active/ }).waitFor();
      await go(page, 'Admin', 'Audit log');
      for (const event of ['Account suspended', 'Account let in again', 'Invitation made']) {
        await page.getByRole('row').filter({ hasText: event }).first().waitFor();
      }
      await page.getByRole('button', { name: 'Verify the whole chain' }).click();
      await page.getByText(/entries, one unbroken chain under a signed head/).waitFor();
      alice.checkCalm();
    });

    test('tries rules before they are signed', async () => {
      const { page } = alice;
      await go(page, 'Admin', 'Rules');
      await page.getByLabel('Devices of an account, at most').fill('5');
      await page.getByRole('button', { name: 'Try 1 change' }).click();
      await page.getByRole('row', { name: /Devices of an account, at most.*64.*5.*Stricter/ }).waitFor();
      await page.getByRole('button', { name: /^Sign and publish version/ }).click();
      await page.getByText('The new rules are published.').waitFor();
      await page.getByLabel('Devices of an account, at most').fill('900');
      await page.getByText('A number from 1 to 64.').waitFor();
      await go(page, 'Security', 'Organisation’s rules');
      await page.getByRole('row', { name: 'Devices of an account, at most 5' }).waitFor();
      alice.checkCalm();
    });
  });

  describe('the security centre', () => {
    test('proves that storage is encrypted, and finds what is not', async () => {
      const { page } = alice;
      await go(page, 'Security', 'Storage');
      await page.getByRole('button', { name: 'Check now' }).click();
      await page.getByText('Yes. Everything that Sotto keeps here is encrypted.').waitFor();
      const sure = /Messages.*history\.db Yes [\d,]+ bytes [78](\.\d+)? bits Does not open Does not open Not found/;
      await page.getByRole('row', { name: sure }).waitFor();
      await checkAccessible(page);
      await picture(page, 'storage-check');
      await page.evaluate(PLANT);
      await page.getByRole('button', { name: 'Check again' }).click();
      await page.getByText('No. One part lies open.').waitFor();
      await page.getByRole('row', { name: /left-behind\.db.*No.*Found/ }).waitFor();
      await checkAccessible(page);
      alice.checkCalm();
    });

    test('changes the passphrase, and only the new one opens', { timeout: 300_000 }, async () => {
      const { page } = alice;
      await go(page, 'Security', 'Passphrase');
      await page.getByLabel('New passphrase').fill(passphraseOf('another alice'));
      await page.getByLabel('Once more').fill(passphraseOf('another alice'));
      await page.getByText('Let me sign in on a new device').click();
      await page.getByRole('button', { name: 'Change the passphrase' }).click();
      await page.getByText('The passphrase is changed.').waitFor({ timeout: 120_000 });
      await go(page, 'Settings', 'Accounts and locking');
      await page.getByRole('button', { name: 'Lock now' }).click();
      await page.getByRole('link', { name: 'Settings' }).waitFor({ state: 'detached' });
      await openLocked(alice, '/security/devices', 'another alice');
      alice.checkCalm();
    });

    test('shuts a device out by keyboard alone', async () => {
      const { page } = alice;
      await page.getByRole('heading', { name: 'Devices', exact: true }).waitFor();
      await tabTo(page, 'Shut out roaming');
      await page.keyboard.press('Enter');
      await page.getByRole('heading', { name: 'Shut out roaming?' }).waitFor();
      await press(page, 'Shut out');
      await page.getByText('The device is shut out, and the account has new keys.').waitFor({ timeout: 60_000 });
      await page.getByRole('heading', { name: 'Shut out', exact: true }).waitFor();
      alice.checkCalm();
    });

    test('keeps settings, and wipes only after the address was typed', async () => {
      const { page } = alice;
      await go(page, 'Settings', 'Appearance and input');
      await page.getByText('Dark', { exact: true }).click();
      assert.strictEqual(await page.evaluate('document.documentElement.dataset.theme'), 'dark');
      await go(page, 'Settings', 'Accounts and locking');
      await page.getByRole('button', { name: 'Wipe' }).click();
      const dialog = page.getByRole('dialog');
      assert.isTrue(await dialog.getByRole('button', { name: 'Wipe' }).isDisabled());
      await checkAccessible(page);
      await dialog.getByLabel(/^Type/).fill('alice@localhost');
      await dialog.getByRole('button', { name: 'Wipe' }).click();
      await page.waitForURL('**/welcome');
      assert.deepEqual(await page.evaluate(FILES), []);
      alice.checkCalm();
    });
  });
});

/** Of places whose name in the rail is another. */
const TITLES: Readonly<Record<string, string>> = { Security: 'Security centre', Admin: 'Administration' };

async function go(page: Page, place: string, part: string): Promise<void> {
  await page.getByRole('link', { name: place, exact: true }).click();
  await page
    .getByRole('navigation', { name: TITLES[place] ?? place })
    .getByRole('link', { name: part })
    .click();
}

/** Chooses from the menu of bob's row. */
async function act(page: Page, action: string): Promise<void> {
  await page.getByRole('button', { name: 'Actions for bob@localhost' }).click();
  await page.getByRole('menuitem', { name: action, exact: true }).click();
}

/** Goes to an address, past the lock that a new load of the page finds. */
async function openLocked(visitor: Visitor, path: string, name: string): Promise<void> {
  const page = await visitor.open(path);
  await page.getByRole('link', { name: /@localhost/ }).click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphraseOf(name));
  await page.keyboard.press('Enter');
  await page.waitForURL(`**${path}`, { timeout: 120_000 });
}

/** Leaves a database without encryption beside the vault. */
const PLANT = `(async () => {
  const root = await (await navigator.storage.getDirectory()).getDirectoryHandle('sotto');
  const file = await (await root.getFileHandle('left-behind.db', { create: true })).createWritable();
  await file.write('SQLite format 3\\0' + 'Dear colleague, the patient in room 3 … '.repeat(200));
  await file.close();
})()`;

const FILES = `(async () => {
  const accounts = await (await (await navigator.storage.getDirectory()).getDirectoryHandle('sotto')).getDirectoryHandle('accounts');
  return Array.fromAsync(accounts.keys());
})()`;
