import { execFileSync } from 'node:child_process';
import { DatabaseSync } from 'node:sqlite';
import type { BrowserContext, Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { LyingServer } from '../support/lying-server.ts';
import { Person } from '../support/person.ts';
import { checkAccessible } from './support/accessible.ts';
import { goTo, openWard } from './support/room-files.ts';
import { composer, message, openRoom, say } from './support/talk.ts';
import { createUntil, fillSignUp, passphraseOf, type Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('what goes wrong is said plainly', { timeout: 180_000 }, () => {
  let world: WebWorld;
  let folder: TemporaryFolder;
  let server: LyingServer;
  let owner: Person;
  let alice: Visitor;
  let page: Page;
  let room: string;
  /** To whom the server lies: alice. */
  let victim: string;
  let rounds: string;

  beforeAll(async () => {
    folder = new TemporaryFolder();
    world = await WebWorld.start('Chromium', async (own) => {
      server = await LyingServer.start(own);
      return server.home;
    });
    ({ owner, alice, room } = await openWard(world, { roaming: true }));
    ({ page } = alice);
    const contacts = await owner.lines('contact', 'list');
    victim = contacts.find(({ address }) => address === 'alice@localhost').fingerprint;
    await openRoom(page, 'Ward');
  }, 300_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  describe('in a room', () => {
    test('an answer in a thread stands beside the room, and in it', async () => {
      await owner.lines('message', 'send', room, 'Who takes the night?');
      await message(page, 'Who takes the night?').focus();
      await page.keyboard.press('t');
      const thread = page.getByRole('region', { name: 'Thread' });
      await thread.getByRole('textbox').waitFor();
      await checkAccessible(page);
      await thread.getByRole('textbox').fill('I do');
      await page.keyboard.press('Enter');
      await thread.getByRole('article').filter({ hasText: 'I do' }).waitFor();
      await page.getByRole('button', { name: 'Close the thread' }).click();
      await message(page, 'Who takes the night?').getByText('1 answer').waitFor();
      assert.include(await owner.texts(room), 'I do');
    });

    test('a message is forwarded to another room', async () => {
      const { id } = await owner.line('room', 'create', 'Rounds');
      rounds = id;
      await owner.lines('room', 'add', id, 'alice@localhost');
      await page.locator('[data-room-item]', { hasText: 'Rounds' }).waitFor();
      await message(page, 'Who takes the night?').focus();
      await page.keyboard.press('f');
      await page.getByRole('dialog').getByRole('button', { name: 'Rounds' }).click();
      await page.getByText('Forwarded to Rounds').waitFor();
      assert.deepEqual(await owner.texts(id), ['Who takes the night?']);
    });

    test('a day is gone to', async () => {
      await page.getByRole('main').getByRole('button', { name: 'More' }).first().click();
      await page.getByRole('menuitem', { name: 'Go to a date' }).click();
      await page.getByRole('textbox', { name: 'Date' }).fill('2020-01-01');
      await page.getByRole('button', { name: 'Go', exact: true }).click();
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await message(page, 'Who takes the night?').waitFor();
    });

    test('names that turn the direction of text, or pile up signs, stay where they are', async () => {
      await goTo(page, `/rooms/${room}/members`);
      const name = `Ward \u202egnp.exe${'\u0351\u036b\u0353'.repeat(8)}`;
      await owner.lines('room', 'rename', room, name);
      const shown = page.locator('[data-room-item] bdi', { hasText: 'Ward' });
      await shown.filter({ hasText: 'exe' }).waitFor();
      const [tall, plain] = await Promise.all(
        [/exe/, /Rounds/].map((hasText) => page.locator('[data-room-item]', { hasText }).first().boundingBox()),
      );
      assert.strictEqual(tall?.height, plain?.height);
      await owner.lines('room', 'rename', room, 'Ward');
      await openRoom(page, 'Ward');
      alice.checkCalm();
    });

    test('what is too long for a message is not cut, not lost and not sent', async () => {
      const long = 'Every word of this counts. '.repeat(4_000);
      await composer(page).fill(long);
      await page.getByText(/too long\. Send it as a file, or in two parts/).waitFor();
      await composer(page).press('Enter');
      assert.strictEqual((await composer(page).inputValue()).trim(), long.trim());
      assert.isTrue(await page.getByRole('button', { name: 'Send', exact: true }).isDisabled());
      await composer(page).fill('');
    });

    test('a second tab is open as well, and says the same', async () => {
      const second = await alice.context.newPage();
      await second.goto(page.url());
      await composer(second).waitFor();
      await say(second, 'from the second tab');
      await message(page, 'from the second tab').waitFor();
      await second.close();
      await say(page, 'from the first');
      await message(page, 'from the first')
        .getByRole('img', { name: /has it|Delivered|Read/ })
        .waitFor();
      alice.checkCalm();
    });

    test('on a full disk a message is not sent, and goes out once there is space', async () => {
      const session = await alice.context.newCDPSession(page);
      await session.send('Storage.overrideQuotaForOrigin', { origin: world.origin, quotaSize: 1_000 });
      await say(page, `no space for ${'this '.repeat(8_000)}`);
      const refused = page.getByRole('alert').filter({ hasText: 'disk-full' });
      await refused.waitFor();
      await refused.getByText('It is in this tab alone').waitFor();
      await checkAccessible(page);
      await session.send('Storage.overrideQuotaForOrigin', { origin: world.origin });
      await refused.getByRole('button', { name: 'Send again' }).click();
      await refused.waitFor({ state: 'detached' });
      await message(page, 'no space for')
        .getByRole('img', { name: /has it|Delivered|Read/ })
        .waitFor();
      alice.checkCalm();
    });
  });

  describe('what does not open', () => {
    test('for want of its key says so, whom it asks and when, and opens once somebody gives the key', async () => {
      server.lie({ lie: 'withhold-keys', room, victim });
      await owner.lines('room', 'rotate', room);
      await owner.lines('message', 'send', room, 'under a lost key');
      const shut = page.getByRole('article').filter({ hasText: 'key-missing' });
      await shut.waitFor();
      await checkAccessible(page);
      // Whatever else is sent meanwhile brings fresh keys, and asks by itself.
      const ask = shut.getByRole('button', { name: 'Ask for keys' });
      if (await ask.isVisible()) await ask.click({ timeout: 5_000 }).catch(() => undefined);
      await shut.getByText(/Nobody could be asked yet|The members were asked/).waitFor();
      await say(page, 'here are fresh keys');
      await shut.getByText('The members were asked for the keys').waitFor();
      server.repent();
      for (const { id } of await owner.lines('key', 'requests')) await owner.lines('key', 'approve', id);
      await message(page, 'under a lost key').waitFor();
      alice.checkCalm();
    });

    test('because the server keeps it back says that, and is read as soon as it is handed out', async () => {
      server.lie({ lie: 'withhold-bodies', room, victim });
      await owner.lines('message', 'send', room, 'kept back for a while');
      const shut = page.getByRole('article').filter({ hasText: 'body-withheld' });
      await shut.getByText('the server does not hand out what it says').waitFor();
      assert.strictEqual(await shut.getByText('once the key is here').count(), 0);
      server.repent();
      // It may have come by itself before.
      const retry = shut.getByRole('button', { name: 'Try again' });
      await Promise.race([retry.click().catch(() => undefined), message(page, 'kept back for a while').waitFor()]);
      await message(page, 'kept back for a while').waitFor();
      alice.checkCalm();
    });
  });

  test('other keys under the address of a contact are refused, and the key log says what to do', async () => {
    server.lie({ lie: 'pose', address: owner.address, to: 'alice@localhost', victim });
    await owner.lines('message', 'send', room, 'and on we go');
    await message(page, 'and on we go').waitFor();
    server.repent();
    await goTo(page, '/security/log');
    await page.getByText('identity-conflict').first().waitFor();
    await page.getByText('Do not trust them: ask the person for their fingerprint by another way').first().waitFor();
    await openRoom(page, 'Ward');
    await message(page, 'and on we go').waitFor();
    alice.checkCalm();
  });

  test('on a full disk nothing more comes, which is not called being offline, until there is space', async () => {
    const session = await alice.context.newCDPSession(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: world.origin, quotaSize: 1_000 });
    await owner.lines('message', 'send', room, `there is no room for ${'this '.repeat(8_000)}`);
    await page.getByRole('status', { name: 'Status' }).getByText('No room to store').waitFor();
    await page.getByRole('region', { name: 'Ward' }).getByText('There is no more room to store').waitFor();
    assert.strictEqual(await page.getByText('You are offline').count(), 0);
    await checkAccessible(page);
    await session.send('Storage.overrideQuotaForOrigin', { origin: world.origin });
    await message(page, 'there is no room for').waitFor();
    alice.checkCalm();
  });

  test('who only reads is told that a frozen room concerns them little', async () => {
    const carol = new Person({ folder: folder.at('carol'), name: 'carol' });
    await carol.line('account', 'create', 'carol', '--invitation', await world.invite());
    await owner.lines('contact', 'add', 'carol@localhost');
    await carol.lines('contact', 'accept', owner.address);
    const { id } = await owner.line('room', 'create', 'Handover');
    await owner.lines('room', 'add', id, 'alice@localhost', '--role', 'reader');
    await owner.lines('room', 'add', id, 'carol@localhost');
    await carol.lines('room', 'leave', id);
    await page.locator('[data-room-item]', { hasText: 'Handover' }).click();
    const handover = page.getByRole('region', { name: 'Handover' });
    await handover.getByText('This room is frozen until a member renews its keys').waitFor();
    await handover.getByText('room-frozen').waitFor();
    await checkAccessible(page);
    await owner.lines('message', 'send', id, 'renewed');
    await message(page, 'renewed').waitFor();
    await handover.getByText('You can read in this room').waitFor();
    await openRoom(page, 'Ward');
    alice.checkCalm();
  });

  test('a room that the server tells in two ways is stopped, and says why', async () => {
    await openRoom(page, 'Rounds');
    server.lie({ lie: 'add-member', room: rounds, signer: 'newcomer', victim });
    await owner.lines('message', 'send', rounds, 'to whom?');
    await page.getByRole('region', { name: 'Rounds' }).getByText('room-forked').waitFor();
    await checkAccessible(page);
    assert.strictEqual(await composer(page).count(), 0);
    server.repent();
    await openRoom(page, 'Ward');
  });

  describe('on the way in', () => {
    test('an invitation that somebody began with, or that is too old, is called that', async () => {
      const [begun, old] = [await world.invite(), await world.invite()];
      const stranger = await world.visitor();
      const other = await stranger.open(begun);
      await other.getByRole('button', { name: 'Create your account' }).click();
      await fillSignUp(other, 'bob');
      await createUntil(other, 'Opening a secure channel');
      await stranger.leave();
      const visitor = await world.visitor();
      await visitor.open(begun);
      await visitor.page.getByText('Somebody has begun to use this invitation').waitFor();
      await checkAccessible(visitor.page);
      await age(world, old);
      await visitor.open(old);
      await visitor.page.getByText('This invitation has expired').waitFor();
      await visitor.page.getByText('invitation-expired').waitFor();
      await visitor.leave();
    });

    test('on a computer of somebody else nothing is left', async () => {
      const visitor = await world.visitor();
      const there = await visitor.open('/sign-in');
      await there.getByLabel('Your address').fill('alice@localhost');
      await there.getByLabel('Passphrase', { exact: true }).fill(passphraseOf('alice'));
      await there.getByText('This is not my computer').click();
      await there.getByRole('button', { name: 'Sign in' }).click();
      await openRoom(there, 'Ward');
      await message(there, 'from the first').waitFor();
      await goTo(there, '/settings/browser');
      await there.getByRole('heading', { name: 'Accounts and locking' }).waitFor();
      await checkAccessible(there);
      visitor.checkCalm();
      const again = await visitor.reload('/');
      await again.getByRole('heading', { name: 'Welcome to Sotto' }).waitFor();
      assert.strictEqual(await again.getByText('alice@localhost').count(), 0);
      await visitor.leave();
    });

    test('who guesses a passphrase waits, and sees how long', async () => {
      const visitor = await world.visitor();
      const there = await visitor.open('/sign-in');
      await there.getByLabel('Your address').fill('alice@localhost');
      await there.getByLabel('Passphrase', { exact: true }).fill('a guess that is wrong');
      const wait = there.getByRole('button', { name: /Too many attempts: again in \d/ });
      const submit = there.getByRole('button', { name: 'Sign in' });
      while (!(await wait.isVisible())) await Promise.race([submit.click().catch(() => undefined), wait.waitFor()]);
      assert.isTrue(await wait.isDisabled());
      await checkAccessible(there);
      await visitor.leave();
    });
  });

  test('the kit alone goes on paper, and the key file opens elsewhere', async () => {
    await goTo(page, '/kit');
    await page.getByRole('button', { name: 'Show my recovery key' }).click();
    await page.getByRole('button', { name: 'Print' }).waitFor();
    await page.emulateMedia({ media: 'print' });
    const printed = await page.evaluate<string>(VISIBLE);
    assert.match(printed, /^Sotto recovery kit/);
    assert.notMatch(printed, /Print|Prove|Save as text/);
    await page.emulateMedia({ media: null });
    const groups = await page.locator('[data-printed] code').allTextContents();
    const asked = Number(/group ([1-8])/.exec((await page.getByText(/^Type group/).textContent()) ?? '')?.[1]);
    await page.getByLabel(/^Type group [1-8]/).fill(groups[asked - 1] ?? '');
    await page.keyboard.press('Enter');
    await page.getByText('Key file for other programs').click();
    await page.getByLabel('Passphrase for the file').fill('a passphrase of the file');
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    const path = folder.at('alice.p12');
    await download.saveAs(path);
    const words = ['pkcs12', '-in', path, '-nokeys', '-passin', 'pass:a passphrase of the file'];
    assert.include(execFileSync('openssl', words, { encoding: 'utf8' }), 'BEGIN CERTIFICATE');
    alice.checkCalm();
  });

  test('notifications come after a yes alone, and show nothing of what was said', async () => {
    await goTo(page, '/settings/notifications');
    await page.getByText('Tell me of new messages').waitFor();
    await alice.context.grantPermissions(['notifications'], { origin: world.origin });
    await goTo(page, '/rooms');
    await goTo(page, '/settings/notifications');
    await page.getByText('Tell me of new messages').click();
    await page.evaluate(AWAY);
    await owner.lines('message', 'send', room, 'for your eyes alone');
    while ((await page.evaluate('window.told.length')) === 0) await page.waitForTimeout(100);
    assert.deepEqual(await page.evaluate('window.told'), ['A new message']);
    alice.checkCalm();
  });

  test('who is away is locked out, and who works is not, whatever keeps the keys for itself', async () => {
    await page.clock.install();
    await goTo(page, '/settings/browser');
    await page
      .getByRole('button', { name: /^(?:Never|Lock)/ })
      .first()
      .waitFor();
    await page.evaluate(`localStorage.setItem('sotto.preferences', '{"autoLockMinutes":5}');
      dispatchEvent(new StorageEvent('storage', { key: 'sotto.preferences' }))`);
    for (let minute = 0; minute < 8; minute += 2) {
      await page.clock.runFor(120_000);
      await page.getByRole('button', { name: 'Wipe' }).click();
      await page.getByRole('dialog').waitFor();
      await page.getByRole('button', { name: 'Cancel' }).click();
    }
    await page.getByRole('heading', { name: 'Accounts and locking' }).waitFor();
    await page.clock.runFor(330_000);
    await page.getByRole('heading', { name: 'Welcome back' }).waitFor();
    alice.checkCalm();
  });

  describe('when the browser deletes what it kept', () => {
    test('under an open account that is said, and what to do; and once more at the next start', async () => {
      const { page: there, context } = await world.signUp('dora');
      await clear(context, there, 'file_systems');
      await there.getByRole('alert').getByText('storage-deleted').waitFor();
      await checkAccessible(there);
      await there.getByRole('button', { name: 'Lock, and see the ways back' }).click();
      await there.getByText('has deleted an account that was kept here').waitFor();
      await there.getByText('dora@localhost').waitFor();
      await checkAccessible(there);
      await there.reload();
      await there.getByText('storage-deleted').waitFor();
      await there.getByRole('button', { name: 'Do not show again' }).click();
      await there.reload();
      await there.getByRole('link', { name: /Sign in/ }).waitFor();
      assert.strictEqual(await there.getByText('storage-deleted').count(), 0);
    });

    test('with what checks the program, the account is locked, and nobody is accused', async () => {
      await clear(alice.context, page, 'all');
      await page.getByText('worker-gone').waitFor();
      await checkAccessible(page);
      assert.strictEqual(await page.getByText('worker-replaced').count(), 0);
      await page.reload();
      await page.getByText('has deleted an account that was kept here').waitFor();
    });
  });
});

/** Has the browser delete what it keeps of the origin, as it does when its person clears its data. */
async function clear(context: BrowserContext, page: Page, storageTypes: 'all' | 'file_systems'): Promise<void> {
  const session = await context.newCDPSession(page);
  await session.send('Storage.clearDataForOrigin', { origin: new URL(page.url()).origin, storageTypes });
}

/** Makes an invitation older than it may be. */
async function age(world: WebWorld, link: string): Promise<void> {
  await world.server.stop();
  const database = new DatabaseSync(`${world.server.options.data}/sotto.db`);
  database.prepare('UPDATE invitations SET expires_at = 1 WHERE used_at IS NULL AND expires_at > 1').run();
  database.close();
  await world.server.start();
  assert.include(link, '/i/');
}

/** What can be seen of the page. */
const VISIBLE = `[...document.querySelectorAll('body *')]
  .filter((element) => element.childElementCount === 0 && getComputedStyle(element).visibility === 'visible' && element.getClientRects().length > 0)
  .map((element) => element.textContent.trim()).filter((text) => text !== '').join('\\n')`;
/** As in a tab that nobody looks at. */
const AWAY = `window.told = [];
  Object.defineProperty(document, 'hidden', { get: () => true });
  window.Notification = class { static permission = 'granted'; constructor(title, { body }) { window.told.push(body); } };`;
