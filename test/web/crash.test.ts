import {
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import type { Person } from '../support/person.ts';
import { checkAccessible } from './support/accessible.ts';
import { approveDevice, askToBeLinked, enterLinkCode } from './support/linking.ts';
import { picture } from './support/pictures.ts';
import { downloaded, fileButton, goTo, openWard, sha256, whileUploading } from './support/room-files.ts';
import { passphraseOf, type Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('a browser that is killed', { timeout: 240_000 }, () => {
  let world: WebWorld;
  let folder: TemporaryFolder;
  let owner: Person;
  let alice: Visitor;
  let room: string;

  beforeAll(async () => {
    folder = new TemporaryFolder();
    world = await WebWorld.start();
    ({ owner, alice, room } = await openWard(world, { kept: true }));
  }, 300_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  test('in the middle of an upload goes on with it once the file is chosen again', async () => {
    const path = folder.at('film.dat');
    writeFileSync(path, 'film');
    truncateSync(path, 64 * MIB);
    const { page } = alice;
    await whileUploading(page, async () => {
      await page.locator('input[type=file]').first().setInputFiles(path);
      await page.locator('[role=progressbar][aria-label="film.dat"]:not([aria-valuenow="0"])').waitFor();
      await page.getByRole('button', { name: 'Pause film.dat' }).click();
      await page.getByText('Paused').waitFor();
    });
    await checkAccessible(page);
    await picture(page, 'upload');
    await alice.killed();
    const again = await unlocked(alice, room);
    await again.getByText('“film.dat” was not sent completely').waitFor();
    await checkAccessible(again);
    await picture(again, 'upload-broken');
    const [chooser] = await Promise.all([
      again.waitForEvent('filechooser'),
      again.getByRole('button', { name: 'Choose the file' }).click(),
    ]);
    await chooser.setFiles(path);
    await fileButton(again, 'film.dat').waitFor({ timeout: 120_000 });
    const out = folder.at('film.out');
    await owner.line('file', 'get', room, 'film.dat', '--out', out);
    assert.strictEqual(sha256(readFileSync(out)), sha256(readFileSync(path)));
    const listed = await owner.lines('file', 'list', room);
    assert.lengthOf(
      listed.filter(({ name }) => name === 'film.dat'),
      1,
    );
  });

  test('in the middle of a download has nothing of it, and begins anew', async () => {
    const [download] = await Promise.all([
      alice.page.waitForEvent('download'),
      fileButton(alice.page, 'film.dat').click(),
    ]);
    download.path().catch(() => undefined);
    await alice.killed();
    const page = await unlocked(alice, room);
    assert.strictEqual(await downloaded(page, 'film.dat'), sha256(readFileSync(folder.at('film.dat'))));
    await page.getByText('it is what its sender signed').waitFor();
  });

  test('control: a blob that the server altered is refused, and nothing of it is saved', async () => {
    const { page } = alice;
    const path = folder.at('evidence.dat');
    writeFileSync(path, Buffer.alloc(2_000_000, 'evidence'));
    const before = new Set(blobs(world));
    await owner.lines('file', 'send', room, path);
    await fileButton(page, 'evidence.dat').waitFor();
    const [blob = ''] = blobs(world).filter((each) => !before.has(each));
    turnBit(blob, 1_500_000);
    await fileButton(page, 'evidence.dat').click();
    await page.getByText('file-damaged').first().waitFor();
    await picture(page, 'file-damaged');
  });

  test('in the middle of linking begins anew, and shows the whole past with every other device gone', async () => {
    for (const text of ['first', 'second', 'third']) await owner.lines('message', 'send', room, `the ${text} word`);
    const phone = await world.visitor({ kept: true });
    await askToBeLinked(await phone.open('/link'), 'alice');
    await phone.killed();
    await phone.again();
    const page = await phone.open('/link');
    const code = await askToBeLinked(page, 'alice');
    const old = await alice.go('/link');
    await enterLinkCode(old, code);
    await approveDevice(old);
    await alice.killed();
    await page.getByRole('heading', { name: 'This device is linked' }).waitFor({ timeout: 60_000 });
    await page.keyboard.press('Enter');
    await page.waitForURL('**/rooms');
    await page.getByRole('link', { name: /Ward/ }).click();
    for (const text of ['first', 'second', 'third']) await page.getByText(`the ${text} word`).last().waitFor();
    await goTo(page, `/rooms/${room}/files`);
    await fileButton(page, 'film.dat').first().waitFor();
    await phone.leave();
  });
});

/** Comes again after a crash, and opens the account. */
async function unlocked(visitor: Visitor, room: string): Promise<Page> {
  await visitor.again();
  const page = await visitor.open('/rooms');
  await page.getByText('alice@localhost').first().click();
  await page.getByLabel('Passphrase', { exact: true }).fill(passphraseOf('alice'));
  await page.getByRole('button', { name: 'Unlock' }).click();
  await page.getByRole('link', { name: /Ward/ }).first().waitFor();
  await goTo(page, `/rooms/${room}/files`);
  return page;
}

/** Files of blobs at the server. */
function blobs(world: WebWorld): readonly string[] {
  const { data } = world.server.options;
  return readdirSync(data, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /blob/.test(entry.parentPath))
    .map((entry) => join(entry.parentPath, entry.name));
}

function turnBit(path: string, at: number): void {
  assert.isAbove(statSync(path).size, at);
  const file = openSync(path, 'r+');
  const byte = Buffer.alloc(1);
  readSync(file, byte, 0, 1, at);
  writeSync(file, Buffer.of((byte[0] ?? 0) ^ 1), 0, 1, at);
}

const MIB = 1024 * 1024;
