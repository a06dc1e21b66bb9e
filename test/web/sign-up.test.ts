import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { checkAccessible } from './support/accessible.ts';
import { focusedName, press, tabTo, typeInto } from './support/keyboard.ts';
import { picture } from './support/pictures.ts';
import { passphraseOf } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('signing up in a browser', () => {
  let world: WebWorld;

  beforeAll(async () => {
    world = await WebWorld.start();
  }, 300_000);

  afterAll(() => world?.[Symbol.asyncDispose]());

  test('by keyboard alone, from the invitation to the first screen', { timeout: 300_000 }, async () => {
    const alice = await world.visitor();
    const page = await alice.open(world.ownerInvitation());
    await page.getByRole('heading', { name: 'You are invited to localhost' }).waitFor();
    await picture(page, 'invitation');
    assert.strictEqual(await focusedName(page), 'Create your account');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Create your account' }).waitFor();
    await picture(page, 'create');
    assert.include(await focusedName(page), 'Your name in the address');
    await page.keyboard.type('alice');
    await typeInto(page, /^Passphrase/, passphraseOf('alice'));
    await typeInto(page, /^Repeat the passphrase/, passphraseOf('alice'));
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Your recovery key' }).waitFor({ timeout: 120_000 });
    await checkAccessible(page);
    await picture(page, 'kit');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Print' }).waitFor();
    await checkAccessible(page);
    await picture(page, 'kit-shown');
    const groups = await page.locator('section code').allTextContents();
    const label = await page.getByLabel(/^Type group/).getAttribute('aria-label');
    const asked = /group ([1-8])/.exec(label ?? (await page.locator('label').last().textContent()) ?? '')?.[1];
    await tabTo(page, /^Type group/);
    await page.keyboard.type(groups[Number(asked) - 1] ?? '');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'You can always come back' }).waitFor();
    await checkAccessible(page);
    await picture(page, 'kit-proved');
    await press(page, 'To your rooms');
    await page.waitForURL('**/rooms');
    alice.checkCalm();
  });
});
