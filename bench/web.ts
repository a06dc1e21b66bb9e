import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { root } from '../test/support/program.ts';
import { choose, goTo } from '../test/web/support/room-files.ts';
import { fillSignUp, type Visitor } from '../test/web/support/visitor.ts';
import { WebWorld } from '../test/web/support/web-world.ts';
import type { Bench, Figure, Result } from './support/bench.ts';

/** Words: messages. */
export const bench: Bench = {
  title: 'the web client in headless Chromium',
  about: `
The built client, served by a real home server on the same machine, in Debian's Chromium without a graphics card. *First load*
is every script that page, worker and service worker have fetched until a room can be written in, each compressed by
gzip at level 9. *Sign-up* is from the press of the button to the recovery kit, with Argon2id, key generation and the vault. *Send to
painted* is from the Enter key to the second frame after the message stands in the page. Sending a file encrypts, hashes and uploads it; raw
WebCrypto seals the same bytes in pieces of a MiB by AES-256-GCM in the same page, and does nothing else.`,
  programs: ['chromium'],
  run,
};

async function run([messages = '40']: readonly string[]): Promise<Result> {
  await using world = await WebWorld.start();
  const [visitor, invitation] = await Promise.all([world.visitor(), world.invite()]);
  const signUp = await timedSignUp(visitor, invitation);
  const { page } = visitor;
  await makeRoom(page);
  const scripts = await firstLoad(page, world.origin);
  const painted: number[] = [];
  for (let i = 0; i < Number(messages); i++) painted.push(await sendToPainted(page, `message number ${i}`));
  const [sent, raw] = [await sendFile(page), await rawWebCrypto(page)];
  return {
    figures: [
      alone('scripts of the first load, gzip', { value: scripts / 1024, unit: 'KiB' }, 250),
      alone('sign-up', { value: signUp / 1000, unit: 's' }, null),
      alone('send to painted, median', { value: median(painted), unit: 'ms' }, 100),
      {
        what: `a file of ${FILE_MIB} MiB: encrypted, hashed, sent`,
        against: 'raw WebCrypto, sealing alone',
        ours: { value: sent, unit: 'MiB/s' },
        theirs: { value: raw, unit: 'MiB/s' },
        better: 'more',
        asked: null,
      },
    ],
    notes: [
      'The first load is missed: half of it is the keybox with its protocols and schemas in the worker, half React and the controls in the page. Dictionaries of passphrases, emoji, PDF, charts and every screen beside the rooms come when they are opened.',
      'Not measured: scrolling in a room of 100,000 messages, memory of the page, and search in the browser; the windows and the search that they stand on are measured in Node.',
    ],
  };
}

function alone(what: string, ours: Figure['ours'], atMost: number | null): Figure {
  return { what, against: null, ours, theirs: null, better: 'less', asked: atMost === null ? null : { atMost } };
}

/** Milliseconds. */
async function timedSignUp(visitor: Visitor, invitation: string): Promise<number> {
  const page = await visitor.open(invitation);
  await page.getByRole('button', { name: 'Create your account' }).click();
  await fillSignUp(page, 'alice');
  const begun = performance.now();
  await page.getByRole('button', { name: 'Create the account' }).click();
  const later = page.getByRole('button', { name: 'Later: remind me' });
  await later.waitFor({ timeout: 120_000 });
  const milliseconds = performance.now() - begun;
  await later.click();
  return milliseconds;
}

async function makeRoom(page: Page): Promise<void> {
  await goTo(page, '/rooms/new');
  await page.getByLabel('Name of the room').fill('Ward');
  await page.getByRole('button', { name: 'Create the room' }).click();
  await page.getByRole('textbox', { name: /Ward/ }).waitFor();
}

/** Bytes, compressed. */
async function firstLoad(page: Page, origin: string): Promise<number> {
  const list = 'performance.getEntriesByType("resource").map(({ name }) => name)';
  const own = (await page.evaluate(list)) as string[];
  const inWorkers = await Promise.all(page.workers().map((worker) => worker.evaluate(list) as Promise<string[]>));
  const started = page.workers().map((worker) => worker.url());
  const scripts = [...new Set([...own, ...inWorkers.flat(), ...started, `${origin}/service-worker.js`])].filter((url) =>
    url.endsWith('.js'),
  );
  return scripts
    .map((url) => readFileSync(join(root, 'packages/web/dist', new URL(url).pathname)))
    .reduce((sum, script) => sum + gzipSync(script, { level: 9 }).length, 0);
}

/** Milliseconds. */
async function sendToPainted(page: Page, text: string): Promise<number> {
  await page.getByRole('textbox', { name: /Ward/ }).fill(text);
  const measured = page.evaluate(
    `new Promise((resolve) => {
      let pressedAt = 0;
      addEventListener('keydown', () => { pressedAt = performance.now(); }, { capture: true, once: true });
      const look = () => {
        const isThere = pressedAt > 0 && [...document.querySelectorAll('[role=feed] article')].some((each) => each.textContent.includes(${JSON.stringify(text)}));
        if (!isThere) return requestAnimationFrame(look);
        requestAnimationFrame(() => requestAnimationFrame(() => resolve(performance.now() - pressedAt)));
      };
      look();
    })`,
  );
  await page.keyboard.press('Enter');
  return (await measured) as number;
}

/** MiB a second. */
async function sendFile(page: Page): Promise<number> {
  await page.getByRole('link', { name: 'Files' }).first().click();
  const begun = performance.now();
  await choose(page, [{ name: 'film.dat', mimeType: '', buffer: Buffer.alloc(FILE_MIB * MIB, 'film') }]);
  await page.getByRole('button', { name: /^(?:Show|Download) film\.dat$/ }).waitFor({ timeout: 120_000 });
  return FILE_MIB / ((performance.now() - begun) / 1000);
}

/** MiB a second. */
async function rawWebCrypto(page: Page): Promise<number> {
  const milliseconds = await page.evaluate(
    `(async () => {
      const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
      const piece = new Uint8Array(${MIB}).fill(7);
      const begun = performance.now();
      for (let i = 0; i < ${FILE_MIB}; i++) {
        const iv = new Uint8Array(12);
        new DataView(iv.buffer).setUint32(8, i);
        await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, piece);
      }
      return performance.now() - begun;
    })()`,
  );
  return FILE_MIB / ((milliseconds as number) / 1000);
}

function median(values: readonly number[]): number {
  return values.toSorted((left, right) => left - right)[Math.floor(values.length / 2)] ?? 0;
}

const MIB = 1024 * 1024;
/** What Playwright hands over in one piece at most is 50. */
const FILE_MIB = 48;
