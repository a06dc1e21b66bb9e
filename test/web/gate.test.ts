import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { checkAccessible } from './support/accessible.ts';
import { press } from './support/keyboard.ts';
import { approveDevice, askToBeLinked, enterLinkCode } from './support/linking.ts';
import { picture } from './support/pictures.ts';
import { createUntil, fillSignUp, passphraseOf, type Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('the ways into an account', () => {
  let world: WebWorld;
  let alice: Visitor;
  let recoveryKey = '';

  beforeAll(async () => {
    world = await WebWorld.start();
    alice = await world.signUp('alice');
  }, 300_000);

  afterAll(() => world?.[Symbol.asyncDispose]());

  test('a stranger sees whom they are with, and what to do', async () => {
    const stranger = await world.visitor();
    const page = await stranger.open('/');
    await page.getByRole('heading', { name: 'Welcome to Sotto' }).waitFor();
    const server = page.getByRole('region', { name: 'Home server' });
    await server.getByText('localhost').waitFor();
    assert.strictEqual((await server.locator('code span').allTextContents()).join(''), world.server.line.caFingerprint);
    await picture(page, 'welcome');
    stranger.checkCalm();
  });

  test('an invitation that is unknown, used, of another server or none at all is called that', async () => {
    const { url, caFingerprint, invitation = '' } = world.server.line;
    const stranger = await world.visitor();
    stranger.expectTrouble(/404/);
    let page = await stranger.open(`${url}/i/${'0'.repeat(26)}#ca=${caFingerprint}`);
    await page.getByText('The server knows no such invitation').waitFor();
    await checkAccessible(page);
    page = await stranger.open(invitation);
    await page.getByText('This invitation was used before').waitFor();
    await picture(page, 'invitation-used');
    page = await stranger.open(`${url}/i/${invitation.split('/i/')[1]?.slice(0, 26)}#ca=${'0'.repeat(64)}`);
    await page.getByText('certificate-mismatch').waitFor();
    page = await stranger.open('/welcome');
    const field = page.getByLabel('Invitation', { exact: true });
    await field.fill('hello');
    await field.press('Enter');
    await page.getByText('This is no whole invitation.').waitFor();
    await field.fill(invitation.replace(url, 'https://home.example.org'));
    await field.press('Enter');
    await page.getByText('This invitation is of another server').waitFor();
    await checkAccessible(page);
    stranger.checkCalm();
  });

  test('a locked account opens by its passphrase alone', { timeout: 180_000 }, async () => {
    const page = await alice.reload('/people');
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    await picture(page, 'welcome-back');
    await page.getByRole('link', { name: /alice@localhost/ }).click();
    await page.getByRole('heading', { name: 'Unlock' }).waitFor();
    await picture(page, 'unlock');
    await page.getByLabel('Passphrase', { exact: true }).fill('something else entirely, and long');
    await page.keyboard.press('Enter');
    await page.getByText('This is not the right passphrase.').waitFor();
    await picture(page, 'unlock-wrong');
    await page.keyboard.type(passphraseOf('alice'));
    await page.keyboard.press('Enter');
    // To where they wanted to be.
    await page.waitForURL('**/people');
    alice.checkCalm();
  });

  test('a recovery key is shown once, proved and replaced', { timeout: 180_000 }, async () => {
    const page = await alice.go('/kit');
    await page.getByRole('button', { name: 'Show my recovery key' }).click();
    await page.getByRole('button', { name: 'Copy the key' }).waitFor();
    const groups = await page.locator('[data-printed] code').allTextContents();
    recoveryKey = groups.join('-');
    assert.match(recoveryKey, /^(?:[0-9A-Z]{4}-){7}[0-9A-Z]{4}$/);
    const field = page.getByLabel(/^Type group [1-8]/);
    await field.fill('0000');
    await field.press('Enter');
    await page.getByText('This is another group').waitFor();
    const asked = Number(/group ([1-8])/.exec((await page.getByText(/^Type group/).textContent()) ?? '')?.[1]);
    await field.fill(groups[asked - 1]?.toLowerCase() ?? '');
    await field.press('Enter');
    await page.getByRole('heading', { name: 'You can always come back' }).waitFor();
    alice.checkCalm();
  });

  test('a second browser is linked by a code', { timeout: 240_000 }, async () => {
    const phone = await world.visitor();
    const page = await phone.open('/link');
    await page.getByRole('heading', { name: 'Link this device' }).waitFor();
    await picture(page, 'link');
    const code = await askToBeLinked(page, 'alice');
    await checkAccessible(page);
    await picture(page, 'link-code');
    const old = await alice.go('/link');
    await old.getByRole('heading', { name: 'Link a device' }).waitFor();
    await checkAccessible(old);
    await picture(old, 'approve');
    await enterLinkCode(old, code);
    assert.include(await old.locator('dl').textContent(), 'phone');
    await checkAccessible(old);
    await picture(old, 'approve-question');
    await approveDevice(old);
    await page.getByRole('heading', { name: 'This device is linked' }).waitFor({ timeout: 60_000 });
    await checkAccessible(page);
    await picture(page, 'linked');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/rooms');
    phone.checkCalm();
    alice.checkCalm();
    await phone.leave();
  });

  test('without its passphrase an account comes back by its recovery key', { timeout: 240_000 }, async () => {
    const anew = await world.visitor();
    const page = await anew.open('/recover');
    await page.getByRole('heading', { name: 'Get back with the recovery key' }).waitFor();
    await picture(page, 'recover');
    await page.keyboard.type(recoveryKey.replaceAll('-', ' ').toLowerCase());
    await press(page, 'Go on');
    await page.getByRole('heading', { name: 'Your account is found' }).waitFor();
    await checkAccessible(page);
    await picture(page, 'recover-found');
    await page.getByLabel('Passphrase', { exact: true }).fill('an entirely new passphrase of alice');
    await page.getByLabel('Repeat the passphrase').fill('an entirely new passphrase of alice');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/rooms', { timeout: 120_000 });
    anew.checkCalm();
    await anew.leave();
  });

  test('a server out of reach is no wrong passphrase', { timeout: 180_000 }, async () => {
    const bob = await world.signUp('bob');
    await bob.reload('/welcome');
    await world.server.stop();
    bob.expectTrouble(/ERR_CONNECTION_REFUSED|WebSocket/);
    await bob.go('/sign-in');
    await bob.page.getByLabel('Your address').fill('carol@localhost');
    await bob.page.getByLabel('Passphrase', { exact: true }).fill(passphraseOf('carol'));
    await bob.page.keyboard.press('Enter');
    await bob.page.getByText('The home server cannot be reached').waitFor({ timeout: 60_000 });
    await bob.page.getByText('This says nothing about your passphrase').waitFor();
    await checkAccessible(bob.page);
    await picture(bob.page, 'sign-in-unreachable');
    await world.server.start();
  });

  test('a sign-up that is killed again and again comes to its end', { timeout: 300_000 }, async () => {
    const invitation = await world.invite();
    const carol = await world.visitor({ kept: true });
    let page = await carol.open(invitation);
    await page.getByRole('button', { name: 'Create your account' }).click();
    await fillSignUp(page, 'carol');
    for (const step of ['Opening a secure channel', 'Getting a certificate', 'Setting up your private room']) {
      await createUntil(page, step);
      await carol.killed();
      page = await carol.again();
      page = await carol.open('/');
      await page.getByRole('link', { name: /carol@localhost/ }).click();
      await page.getByRole('heading', { name: 'Create your account' }).waitFor();
      assert.strictEqual(await page.getByLabel('Your name in the address').inputValue(), 'carol');
      await fillSignUp(page, 'carol');
    }
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('button', { name: 'Later: remind me' }).click({ timeout: 120_000 });
    await page.waitForURL('**/rooms');
    await page.getByText('carol@localhost').first().waitFor();
  });
});
