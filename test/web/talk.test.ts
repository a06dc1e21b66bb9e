import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import type { Person } from '../support/person.ts';
import { checkAccessible } from './support/accessible.ts';
import { countScripts, FIRST_LOAD_BYTES } from './support/first-load.ts';
import { focusedName } from './support/keyboard.ts';
import { picture } from './support/pictures.ts';
import { accept, composer, message, openRoom, say } from './support/talk.ts';
import { passphraseOf, type Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('talking in a browser', () => {
  let world: WebWorld;
  let owner: Person;
  let alice: Visitor;
  let bob: Visitor;
  let room: string;

  beforeAll(async () => {
    world = await WebWorld.start();
    owner = await world.owner();
    alice = await world.signUp('alice');
    bob = await world.signUp('bob');
    await accept(alice, { asker: owner, name: 'alice' });
    await accept(bob, { asker: owner, name: 'bob' });
    await owner.lines('contact', 'list');
    room = (await owner.line('room', 'create', 'Rounds')).id;
    for (const name of ['alice', 'bob']) await owner.lines('room', 'add', room, `${name}@localhost`);
    for (const { page } of [alice, bob]) await openRoom(page, 'Rounds');
  }, 400_000);

  afterAll(() => world?.[Symbol.asyncDispose]());

  test('two browsers and the command line say things in one room', { timeout: 200_000 }, async () => {
    await alice.page.getByRole('link', { name: 'No recovery key yet' }).waitFor();
    assert.match(await focusedName(alice.page), /^Message to/, 'who enters a room can write');
    await say(alice.page, 'Good **morning**');
    await message(bob.page, 'Good morning').waitFor();
    await bob.page.getByText('owner@localhost added alice@localhost and you.').waitFor();
    assert.strictEqual(await message(bob.page, 'Good morning').locator('strong').textContent(), 'morning');
    await say(bob.page, 'Hello, alice@localhost');
    await message(alice.page, 'Hello, alice@localhost').waitFor();
    await owner.line('message', 'send', room, HOSTILE);
    for (const { page } of [alice, bob]) await message(page, '<img src=x onerror=alert(1)>').waitFor();
    assert.strictEqual(await alice.page.locator('article img, article script').count(), 0);
    const link = message(alice.page, 'https://a.example/?b=c').getByRole('link');
    assert.strictEqual(await link.getAttribute('href'), 'https://a.example/?b=c');
    assert.strictEqual(await link.getAttribute('rel'), 'noopener noreferrer');
    assert.deepEqual(await owner.texts(room), ['Good **morning**', 'Hello, alice@localhost', HOSTILE]);
    alice.checkCalm();
    bob.checkCalm();
  });

  test('by keyboard alone: answer, react, edit, delete', { timeout: 200_000 }, async () => {
    const { page } = bob;
    await message(page, 'Good morning').focus();
    await page.keyboard.press('r');
    await page.getByText('Reply to alice@localhost').waitFor();
    await page.keyboard.type('To you, too');
    await page.keyboard.press('Enter');
    await message(alice.page, 'To you, too')
      .getByRole('button', { name: /^Go to the message of/ })
      .click();
    await message(page, 'Good morning').focus();
    await page.keyboard.press('+');
    await page.getByRole('combobox', { name: 'Find a sign' }).fill('heart');
    await page.keyboard.press('Enter');
    await message(alice.page, 'Good morning')
      .getByRole('button', { name: /❤️ by bob@localhost/ })
      .waitFor();
    await page.getByRole('button', { name: /❤️ by You. Press to take yours back/ }).focus();
    await page.keyboard.press('Enter');
    await message(alice.page, 'Good morning').getByRole('button', { name: /❤️/ }).waitFor({ state: 'detached' });
    await composer(page).focus();
    await page.keyboard.press('ArrowUp');
    await page.getByText('Edit your message').waitFor();
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('And to you');
    await page.keyboard.press('Enter');
    await message(alice.page, 'And to you').getByText('edited').waitFor();
    await message(page, 'And to you').focus();
    await page.keyboard.press('Delete');
    await page.getByRole('dialog', { name: 'Delete this message?' }).waitFor();
    await page.keyboard.press('Tab');
    await page.getByRole('button', { name: 'Delete', exact: true }).focus();
    await page.keyboard.press('Enter');
    await alice.page.getByText('This message was deleted').waitFor();
    bob.checkCalm();
  });

  test('what is unread is told, found again, and read where one looks', { timeout: 200_000 }, async () => {
    await alice.page.getByRole('link', { name: 'People' }).click();
    await alice.page.waitForURL('**/people');
    await say(bob.page, 'Are you there, @alice@localhost?');
    await alice.page.getByRole('link', { name: 'Rooms' }).click();
    const entry = alice.page.locator('[data-room-item]', { hasText: 'Rounds' });
    await entry.getByText('1 unread').waitFor();
    await entry.getByText('names you').waitFor();
    await checkAccessible(alice.page);
    await picture(alice.page, 'rooms');
    await alice.page.keyboard.press('Alt+Shift+ArrowDown');
    await message(alice.page, 'Are you there').waitFor();
    await alice.page.getByText('New', { exact: true }).waitFor();
    await entry.getByText('1 unread').waitFor({ state: 'detached' });
    await message(bob.page, 'Are you there')
      .getByRole('img', { name: /^(The server has it|Delivered to|Read by)/ })
      .waitFor();
    await checkAccessible(alice.page);
    await picture(alice.page, 'room');
    alice.checkCalm();
  });

  test('a room is pinned, and what was begun to be written waits', { timeout: 200_000 }, async () => {
    const { page } = alice;
    const entry = page.locator('[data-room-item]', { hasText: 'Rounds' });
    await composer(page).fill('not yet sent');
    await entry.focus();
    await page.keyboard.press('p');
    await page.getByRole('heading', { name: 'Pinned' }).waitFor();
    await page.getByRole('link', { name: 'Rooms' }).click();
    await entry.getByText('not yet sent').waitFor();
    await entry.click();
    await page.waitForFunction('document.querySelector("textarea")?.value === "not yet sent"');
    await composer(page).fill('');
    alice.checkCalm();
  });

  test('people and messages are found by typing', async () => {
    const { page } = alice;
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox').fill('onerror');
    await page.getByRole('option', { name: /onerror/ }).waitFor();
    await picture(page, 'find');
    await page.keyboard.press('Enter');
    await page.waitForURL(/message=/);
    await page.keyboard.press('Control+/');
    await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
    await page.keyboard.press('Escape');
    alice.checkCalm();
  });

  test('without a server a message waits, and goes out by itself', { timeout: 300_000 }, async () => {
    for (const visitor of [alice, bob]) visitor.expectTrouble(/WebSocket|ERR_CONNECTION|Failed to load|net::/);
    await world.server.stop();
    await alice.page.getByText(/You are offline/).waitFor({ timeout: 120_000 });
    await say(alice.page, 'written in a tunnel');
    await message(alice.page, 'written in a tunnel').getByRole('img', { name: 'Waits to be sent' }).waitFor();
    await picture(alice.page, 'offline');
    await world.server.start();
    await message(bob.page, 'written in a tunnel').waitFor({ timeout: 180_000 });
    await message(alice.page, 'written in a tunnel')
      .getByRole('img', { name: 'Waits to be sent' })
      .waitFor({ state: 'detached' });
    alice.checkCalm();
  });

  test('whoever unlocks loads no more scripts than the budget allows before a room can be read', {
    timeout: 200_000,
  }, async () => {
    const scripts = countScripts(bob);
    const page = await bob.reload(`/unlock?account=bob@localhost&next=/rooms/${room}`);
    await page.getByLabel('Passphrase', { exact: true }).fill(passphraseOf('bob'));
    await page.keyboard.press('Enter');
    await composer(page).waitFor();
    assert.isBelow(scripts.bytes(), FIRST_LOAD_BYTES);
    assert.isAbove(scripts.bytes(), FIRST_LOAD_BYTES * 0.8, 'the budget can be made smaller');
    bob.checkCalm();
  });
});

const HOSTILE = '<img src=x onerror=alert(1)> <script>alert(2)</script> https://a.example/?b=c';
