import { readFileSync, writeFileSync } from 'node:fs';
import type { Frame, Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { TemporaryFolder } from '../support/folder.ts';
import type { Person } from '../support/person.ts';
import { checkAccessible } from './support/accessible.ts';
import { picture } from './support/pictures.ts';
import { choose, downloaded, fileButton, openWard, sha256 } from './support/room-files.ts';
import type { Visitor } from './support/visitor.ts';
import { WebWorld } from './support/web-world.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';

describe.skipIf(withoutPeers)('files of a room in a browser', { timeout: 180_000 }, () => {
  let world: WebWorld;
  let folder: TemporaryFolder;
  let owner: Person;
  let alice: Visitor;
  let room: string;

  beforeAll(async () => {
    folder = new TemporaryFolder();
    world = await WebWorld.start();
    ({ owner, alice, room } = await openWard(world));
  }, 300_000);

  afterAll(async () => {
    await world?.[Symbol.asyncDispose]();
    folder?.[Symbol.dispose]();
  });

  test('an empty room says how to begin', async () => {
    await alice.page.getByText('No files in this room yet').waitFor();
    await checkAccessible(alice.page);
    await picture(alice.page, 'files-empty');
  });

  test('what is sent here is what arrives at the command line, and the other way round', async () => {
    const { page } = alice;
    const sent = { 'notes.txt': Buffer.from('Hello\u202eworld'), 'empty.csv': Buffer.alloc(0), 'logo.png': logo() };
    await choose(
      page,
      Object.entries(sent).map(([name, buffer]) => ({ name, mimeType: '', buffer })),
    );
    for (const name of Object.keys(sent)) await fileButton(page, name).waitFor();
    for (const [name, content] of Object.entries(sent)) {
      const out = folder.at(`cli-${name}`);
      await owner.line('file', 'get', room, name, '--out', out);
      assert.strictEqual(sha256(readFileSync(out)), sha256(content), name);
    }
    const path = folder.at('report of the third quarter.dat');
    writeFileSync(path, Buffer.alloc(3_000_000, 'report'));
    await owner.lines('file', 'send', room, path);
    await fileButton(page, 'report of the third quarter.dat').waitFor();
    assert.strictEqual(await downloaded(page, 'report of the third quarter.dat'), sha256(readFileSync(path)));
    await page.getByText('it is what its sender signed').waitFor();
    await picture(page, 'files');
    alice.checkCalm();
  });

  test('a name that is taken is asked about, and becomes a version', async () => {
    const { page } = alice;
    await choose(page, [{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('second') }]);
    await page.getByRole('dialog', { name: 'The room has a file of this name' }).waitFor();
    await page.getByRole('button', { name: 'Send as a new version' }).click();
    await page.getByText('Version 2').waitFor();
    await menu(page, 'notes.txt', 'Versions');
    await page.getByText(sha256('second')).waitFor();
    await page.getByText(sha256('Hello\u202eworld')).waitFor();
    await picture(page, 'file-versions');
    await page.keyboard.press('Escape');
    await menu(page, 'empty.csv', 'Remove');
    await page.getByRole('button', { name: 'Remove', exact: true }).click();
    await fileButton(page, 'empty.csv').waitFor({ state: 'detached' });
  });

  test('a program is not saved before its name was read', async () => {
    const { page } = alice;
    await choose(page, [{ name: 'invoice.pdf.exe', mimeType: 'application/pdf', buffer: Buffer.from('MZ') }]);
    await fileButton(page, 'invoice.pdf.exe').click();
    await page.getByRole('dialog', { name: 'This file is a program that looks like a document' }).waitFor();
    await page.getByRole('button', { name: 'Do not save' }).click();
  });

  describe('previews', () => {
    test('pictures, texts and PDF are shown in a page that reaches nothing', async () => {
      const { page } = alice;
      await choose(page, [{ name: 'paper.pdf', mimeType: '', buffer: pdf('Third quarter') }]);
      const frame = await shown(page, 'logo.png', 'canvas');
      alice.checkCalm();
      alice.expectTrouble(/sandboxed/);
      assert.deepEqual(await reached(frame, world.origin), []);
      // The last of what was tried.
      await alice.refused(/script-src eval/);
      await picture(page, 'file-preview');
      await closePreview(page);
      assert.include(await textIn(await shown(page, 'notes.txt', 'pre')), 'second');
      await closePreview(page);
      const paper = await shown(page, 'paper.pdf', 'section canvas');
      assert.include(await textIn(paper), 'Third quarter');
      await picture(page, 'file-preview-pdf');
      await closePreview(page);
      alice.checkCalm();
    });

    test('scripts in pages and drawings do not run', async () => {
      const { page } = alice;
      const script = 'parent.postMessage("ran", "*"); document.title = "ran"';
      const drawing = `<svg xmlns="http://www.w3.org/2000/svg" onload='${script}'><script>${script}</script><rect width="9" height="9"/></svg>`;
      await choose(page, [
        { name: 'page.html', mimeType: 'text/html', buffer: Buffer.from(`<b>bold</b><script>${script}</script>`) },
        { name: 'drawing.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(drawing) },
      ]);
      await page.evaluate('addEventListener("message", ({ data }) => data === "ran" && (globalThis.ran = true))');
      const html = await shown(page, 'page.html', 'pre');
      assert.include(await textIn(html), '<b>bold</b><script>');
      assert.strictEqual(await html.title(), 'page.html');
      await closePreview(page);
      assert.strictEqual(await (await shown(page, 'drawing.svg', 'img')).title(), 'drawing.svg');
      await closePreview(page);
      assert.isUndefined(await page.evaluate('globalThis.ran'));
    });

    test('a picture with too many pixels is refused before it is decoded, and a lie about its kind, too', async () => {
      const { page } = alice;
      const bomb = logo();
      bomb.writeUInt32BE(60_000, 16);
      bomb.writeUInt32BE(60_000, 20);
      await choose(page, [
        { name: 'bomb.png', mimeType: '', buffer: bomb },
        { name: 'liar.png', mimeType: '', buffer: Buffer.from('no picture') },
      ]);
      await fileButton(page, 'bomb.png').click();
      await page.getByText('preview-too-many-pixels').waitFor();
      await checkAccessible(page);
      await closePreview(page);
      await fileButton(page, 'liar.png').click();
      await page.getByText('preview-unreadable').waitFor();
      await closePreview(page);
    });
  });
});

async function menu(page: Page, name: string, entry: string): Promise<void> {
  await page.getByRole('button', { name: `What can be done with ${name}` }).click();
  await page.getByRole('menuitem', { name: entry, exact: true }).click();
}

/** Opens the preview of a file; its frame once it shows something. */
async function shown(page: Page, name: string, selector: string): Promise<Frame> {
  await fileButton(page, name).click();
  await page.frameLocator('iframe[title^="Preview of"]').locator(selector).first().waitFor();
  const frame = page.frames().find((each) => each.url().endsWith('/preview.html'));
  if (frame === undefined) throw new Error('there is no preview');
  return frame;
}

async function closePreview(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Close' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function textIn(frame: Frame): Promise<string> {
  return (await frame.locator('body').textContent()) ?? '';
}

/** What somebody who has taken over the sandboxed page could reach from it. */
function reached(frame: Frame, origin: string): Promise<string[]> {
  return frame.evaluate(
    `(async () => {
      const ways = {
        parent: () => parent.document.title,
        storage: () => localStorage.length,
        database: () => indexedDB.open('x').onsuccess,
        files: () => navigator.storage.getDirectory(),
        cookies: () => document.cookie,
        locks: () => navigator.locks.query(),
        caches: () => caches.keys(),
        workers: () => navigator.serviceWorker.getRegistration(),
        fetched: () => fetch('${origin}/v1/health'),
        outside: () => fetch('http://127.0.0.1:9/', { mode: 'no-cors' }),
        socket: () => new Promise((resolve, reject) => Object.assign(new WebSocket('${origin.replace('http', 'ws')}/v1/channel'), { onopen: resolve, onerror: reject })),
        picture: () => new Promise((resolve, reject) => Object.assign(new Image(), { onload: resolve, onerror: reject, src: '${origin}/favicon.svg' })),
        script: () => new Promise((resolve, reject) => document.head.append(Object.assign(document.createElement('script'), { onload: resolve, onerror: reject, src: '${origin}/service-worker.js' }))),
        inline: () => { document.head.append(Object.assign(document.createElement('script'), { textContent: 'globalThis.inline = true' })); if (globalThis.inline !== true) throw new Error('no'); },
        evaluated: () => (0, eval)('1'),
        top: () => { top.location.href = 'about:blank'; },
        window: () => { if (open('about:blank') === null) throw new Error('no'); },
        calls: () => new RTCPeerConnection(),
      };
      const reached = [];
      for (const [name, way] of Object.entries(ways)) {
        try { await way(); reached.push(name); } catch { /* as it should be */ }
      }
      return reached;
    })()`,
  );
}

function logo(): Buffer {
  return readFileSync(new URL('../../packages/web/public/icon-192.png', import.meta.url));
}

/** One page with a line of text. */
function pdf(line: string): Buffer {
  const content = `BT /F 32 Tf 60 700 Td (${line}) Tj ET`;
  const objects = [
    '<< /Type /Catalog /Pages 2 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F 5 0 R >> >> >>',
    `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
    '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>',
  ];
  const body = objects.map((object, i) => `${i + 1} 0 obj\n${object}\nendobj\n`).join('');
  return Buffer.from(`%PDF-1.4\n${body}trailer << /Size ${objects.length + 1} /Root 1 0 R >>\n%%EOF`, 'latin1');
}
