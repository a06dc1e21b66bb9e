import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import { Person, signUp } from '../support/person.ts';
import { checkAccessible } from './support/accessible.ts';
import { picture } from './support/pictures.ts';
import { goTo } from './support/room-files.ts';
import {
  ADMIN,
  dialogModules,
  dialogs,
  gate,
  inside,
  lockedDialogs,
  ofAccount,
  routes,
  SECURITY,
  SETTINGS,
  type Shown,
} from './support/screens.ts';
import { accept } from './support/talk.ts';
import type { Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('every screen is without a fault of access', { timeout: 300_000 }, () => {
  let world: WebWorld;
  let folder: TemporaryFolder;
  /** Owner of the server, so that there is nothing that she cannot see. */
  let alice: Visitor;
  let shown: Shown;

  beforeAll(async () => {
    folder = new TemporaryFolder();
    world = await WebWorld.start();
    alice = await world.visitor();
    await alice.signUp('alice', world.ownerInvitation(), { roaming: true });
    shown = await furnish(alice, folder);
  }, 300_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  test('the walk knows every route, every page of a place and every dialog', async () => {
    assert.sameMembers([...(await routes())], Object.keys({ ...inside, ...gate, ...ofAccount }));
    assert.sameMembers([...dialogModules()], Object.keys({ ...dialogs, ...lockedDialogs }));
    for (const [place, parts] of Object.entries({ security: SECURITY, settings: SETTINGS, admin: ADMIN })) {
      await goTo(alice.page, `/${place}`);
      const links = alice.page.locator(`a[href^="/${place}/"]`);
      await links.first().waitFor();
      const found = await links.evaluateAll((all) => all.map((link) => link.getAttribute('href')));
      assert.sameMembers(
        [...new Set(found)],
        parts.map((part) => `/${place}/${part}`),
        place,
      );
    }
  });

  test.each(Object.keys(inside))('%s', async (route) => {
    for (const path of inside[route]?.(shown) ?? []) {
      await goTo(alice.page, path);
      await settled(alice.page);
      await checkAccessible(alice.page);
      await pictureOf(alice.page, path);
    }
    alice.checkCalm();
  });

  test.each(Object.keys(dialogs))('the dialog of %s', async (module) => {
    const { at, open } = dialogs[module] ?? assert.fail(module);
    await look(alice.page, { path: at(shown), open });
    alice.checkCalm();
  });

  test('the gate, with an account that is open and one that is locked', async () => {
    await goTo(alice.page, '/kit');
    await checkAccessible(alice.page);
    for (const path of ofAccount['/gate/unlock'] ?? []) {
      await settled(await alice.reload(path));
      await checkAccessible(alice.page);
    }
    for (const { at, open } of Object.values(lockedDialogs)) await look(alice.page, { path: at(shown), open });
    alice.checkCalm();
  });

  test.each(Object.keys(gate))('%s', async (route) => {
    const stranger = await world.visitor();
    for (const path of gate[route]?.(shown) ?? []) {
      await settled(await stranger.open(path));
      await checkAccessible(stranger.page);
    }
    stranger.checkCalm();
    await stranger.leave();
  });

  test('control: what the policy refuses would be seen, in the page and in both workers', async () => {
    const outside = (place: string): string => `fetch('https://example.org/${place}').catch(() => null)`;
    await alice.page.evaluate(outside('page'));
    await alice.refused(/connect-src https:\/\/example.org\/page/);
    for (const worker of [...alice.page.workers(), ...alice.context.serviceWorkers()]) {
      const name = new URL(worker.url()).pathname;
      await worker.evaluate(outside(name));
      await alice.refused(new RegExp(`connect-src https://example.org/${name}`));
    }
    assert.lengthOf([...alice.page.workers(), ...alice.context.serviceWorkers()], 2);
  });
});

/** People, a room, messages, files and requests, so that no screen is empty. */
async function furnish(alice: Visitor, folder: TemporaryFolder): Promise<Shown> {
  const { page } = alice;
  await goTo(page, '/admin/invitations');
  await page.getByLabel('How many').fill('3');
  await page.getByRole('button', { name: 'Make invitations' }).click();
  await page.getByText('invitations are ready').waitFor();
  const [one = '', two = '', invitation = ''] = await page.locator('code').allTextContents();
  const [bob, carol] = ['bob', 'carol'].map((name) => new Person({ folder: folder.at(name), name }));
  if (bob === undefined || carol === undefined) throw new Error('nobody');
  await Promise.all([signUp(bob, one), signUp(carol, two)]);
  await accept(alice, { asker: bob, name: 'alice' });
  await carol.lines('contact', 'add', 'alice@localhost');
  const { id: room } = await bob.line('room', 'create', 'Ward');
  await bob.lines('room', 'add', room, 'alice@localhost', '--role', 'owner');
  await bob.lines('message', 'send', room, 'What **can** be said, on https://example.org/a?b=c');
  for (const name of ['note.txt', 'note.pdf.exe']) {
    writeFileSync(folder.at(name), 'Only for us');
    await bob.lines('file', 'send', room, folder.at(name));
  }
  await goTo(page, `/rooms/${room}`);
  await page
    .getByRole('button', { name: /note\.pdf\.exe/ })
    .first()
    .waitFor();
  return { room, invitation, card: (await bob.line('account', 'card')).link };
}

/** Opens a dialog, looks at it, and closes it. */
async function look(page: Page, { path, open }: { path: string; open: (page: Page) => Promise<void> }): Promise<void> {
  await goTo(page, path);
  await settled(page);
  await open(page);
  await page.locator('[role=dialog], [role=alertdialog]').last().waitFor();
  await checkAccessible(page);
  for (let left = 3; left > 0 && (await page.getByRole('dialog').count()) > 0; left--) {
    await page.keyboard.press('Escape');
    await page.waitForTimeout(50);
  }
}

async function settled(page: Page): Promise<void> {
  await page.getByRole('heading', { level: 1 }).last().waitFor();
  await page.getByRole('status').filter({ hasText: 'Opening' }).waitFor({ state: 'detached' });
}

/** Those of places stand in the guide. */
async function pictureOf(page: Page, path: string): Promise<void> {
  const place = /^\/(security|settings|admin)\/[a-z-]+$/.exec(path)?.[1];
  if (place === undefined) return;
  const name = await page.locator(`nav a[href="${path}"] span`).first().textContent();
  await picture(page, `${place} ${name}`.toLowerCase().replaceAll(/[^a-z]+/g, '-'));
}
