import { setTimeout } from 'node:timers/promises';
import { createAccount, KeyBox, type OpenSession } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { type Address, parseDeviceName } from '@sotto/protocol';
import type { Page } from 'playwright-core';
import { TemporaryFolder } from '../test/support/folder.ts';
import { compressedBytes, countScripts, SERVICE_WORKER } from '../test/web/support/first-load.ts';
import { goTo } from '../test/web/support/room-files.ts';
import { fillSignUp, type Visitor } from '../test/web/support/visitor.ts';
import { WebWorld } from '../test/web/support/web-world.ts';
import type { Bench, Figure, Result } from './support/bench.ts';
import { writeMessages } from './support/bulk-author.ts';
import { type Frames, quantile, watchFrames } from './support/web/frames.ts';
import { timeSealing } from './support/web/sealing.ts';
import { sendToPainted, watchSending } from './support/web/sending.ts';
import { callBox, connectTab, timeBox } from './support/web/vault-calls.ts';

/** Words: rooms, of 8,340 messages each. */
export const bench: Bench = {
  title: 'the web client in headless Chromium',
  about: `
The built client, served by a real home server on the same machine, in Debian's Chromium without a graphics card.

*First load*: every script that the page and its workers ask for from the first request until the messages of a room can be read and
answered, each compressed by \`gzip -9\`; once for somebody who signs in on a new browser, once for somebody who unlocks. The service worker's
script is told apart; what it fetches in the background, to keep the release for a day without a server, is not the page's. *Sign-up* is from the
press of the button to the recovery kit, each step until the next begins. *Send to painted* is from the Enter key's own time until the frame
that shows the message was drawn, in a room of few messages.

The long rooms were written by the account's first device; the browser signs in, fetches and verifies all of them. Then somebody scrolls up in one of them for ten seconds
with the wheel: before each frame it is looked how long ago the last one was, and whether more than 24 pixels of the feed, less than the shortest message, show no row. The empty page is
\`about:blank\` in the same browser. *Search* is a call from the page to the vault's worker and back, for words of which each is in a sixth of the messages or in one.
*Sealing* is the STREAM of files in a worker; raw WebCrypto seals the same pieces of a MiB by AES-256-GCM in the page that started it and does nothing else.`,
  programs: ['chromium'],
  run,
};

async function run([rooms = '1']: readonly string[]): Promise<Result> {
  using folder = new TemporaryFolder();
  await using world = await WebWorld.start();
  const writer = await firstDevice(world, folder.at('writer'));
  const [invitation = ''] = await new KeyBox(writer).createInvitations(1);
  const steps = await timedSignUp(await world.visitor(), invitation);
  const sealing = await timeSealing(world.browser);
  const count = Number(rooms) * ROOM_MESSAGES;
  const room = await longRooms(writer, Number(rooms));
  await writer.close();
  const reader = await world.visitor();
  const signIn = await signedIn(reader, room);
  const fetched = await archiveOf(reader.page, count);
  const found = await timeBox(reader.page, ['search', 'find'], searches(count));
  const [blank, scrolled] = await scroll(reader, room);
  const heap = await heapOf(reader.page);
  const { unlock, painted } = await unlockedAndSent(reader, room);
  return {
    figures: [
      alone('scripts of the first load: sign-in to chat, gzip', kib(signIn.scripts), 250),
      alone('scripts of the first load: unlock to chat, gzip', kib(unlock), 250),
      alone('script of the service worker, gzip', kib(compressedBytes(SERVICE_WORKER)), null),
      ...steps.map(([step, milliseconds]) => alone(`sign-up: ${step}`, ms(milliseconds), null)),
      alone('send to painted, median', ms(quantile(painted, 0.5)), 100),
      alone('send to painted, p95', ms(quantile(painted, 0.95)), null),
      alone(
        'sign-in on a new browser, until the newest messages are read',
        seconds(signIn.readable - signIn.begun),
        null,
      ),
      alone(
        `the same, until all of ${count.toLocaleString('en')} can be searched`,
        seconds(fetched - signIn.begun),
        null,
      ),
      alone(`search in ${count.toLocaleString('en')} messages, median`, ms(quantile(found, 0.5)), 20),
      {
        what: `scroll in a room of ${ROOM_MESSAGES.toLocaleString('en')} messages: frame, p95`,
        against: 'empty page',
        ours: ms(quantile(scrolled.intervals, 0.95)),
        theirs: ms(quantile(blank.intervals, 0.95)),
        better: 'less',
        asked: { timesAsMuch: 2 },
      },
      alone('frames with a blank part', percent(scrolled), 0),
      alone('memory of page and workers, after scrolling', { value: heap / 2 ** 20, unit: 'MiB' }, null),
      {
        what: 'seal a file in the worker',
        against: 'raw WebCrypto',
        ours: { value: sealing.worker, unit: 'MiB/s' },
        theirs: { value: sealing.raw, unit: 'MiB/s' },
        better: 'more',
        asked: { timesBetter: 0.6 },
      },
    ],
    notes: NOTES,
  };
}

function firstDevice(world: WebWorld, folder: string): Promise<OpenSession> {
  const account = {
    address: ADDRESS,
    invitation: world.ownerInvitation(),
    passphrase: PASSPHRASE,
    suite: 'hybrid',
  } as const;
  return nodePlatform().then((platform) =>
    createAccount(platform, new DirectoryStorage(folder), {
      ...account,
      roaming: true,
      vault: 'normal',
      deviceName: parseDeviceName('first'),
    }),
  );
}

/** Fills rooms, each as far as one era goes; the first is that which is scrolled. */
async function longRooms(writer: OpenSession, rooms: number): Promise<string> {
  const box = new KeyBox(writer);
  const ids: string[] = [];
  for (let i = 0; i < rooms; i++) {
    const name = i === 0 ? ROOM : `Other room ${i}`;
    ids.push((await box.createRoom({ name, type: 'chat', history: 'all', keying: 'era' })).id);
  }
  for (const [i, id] of ids.entries()) {
    const text = (n: number): string => `message ${i * ROOM_MESSAGES + n} about ${TOPICS[n % TOPICS.length]}`;
    await writeMessages(writer, id, { count: ROOM_MESSAGES, text });
  }
  return ids[0] as string;
}

/** Milliseconds of each step. */
async function timedSignUp(visitor: Visitor, invitation: string): Promise<readonly (readonly [string, number])[]> {
  const page = await visitor.open(invitation);
  await page.getByRole('button', { name: 'Create your account' }).click();
  await fillSignUp(page, 'alice');
  await page.evaluate(`{
    window.benchSteps = [];
    new BroadcastChannel('sotto/events').onmessage = ({ data }) => {
      if (data.kind === 'progress') window.benchSteps.push([data.step, performance.now()]);
    };
    addEventListener('click', () => window.benchSteps.push(['begin', performance.now()]), { capture: true, once: true });
  }`);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await page.getByRole('button', { name: 'Later: remind me' }).waitFor({ timeout: 300_000 });
  const told = (await page.evaluate('[...window.benchSteps, ["end", performance.now()]]')) as readonly [
    string,
    number,
  ][];
  await page.close();
  const [first, last] = [told[0]?.[1] ?? 0, told.at(-1)?.[1] ?? 0];
  const steps = told.slice(0, -1).map(([step, at], i) => [step, (told[i + 1]?.[1] ?? at) - at] as const);
  return [['all of it', last - first], ...steps];
}

interface SignedIn {
  /** Bytes of script until the room can be written in. */
  readonly scripts: number;
  /** When the form was sent, and when the newest messages could be read. */
  readonly begun: number;
  readonly readable: number;
}

/** Signs in on a new browser and opens the room. */
async function signedIn(visitor: Visitor, room: string): Promise<SignedIn> {
  const scripts = countScripts(visitor);
  const page = await visitor.open('/sign-in');
  await page.getByLabel('Your address').fill(ADDRESS);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  const begun = performance.now();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/rooms', { timeout: 300_000 });
  await page
    .getByRole('link', { name: new RegExp(ROOM) })
    .first()
    .click({ timeout: 300_000 });
  await chatShown(page, room);
  return { scripts: scripts.bytes(), begun, readable: performance.now() };
}

async function chatShown(page: Page, room: string): Promise<void> {
  await page.waitForURL(`**/rooms/${room}`);
  await page.getByRole('textbox', { name: new RegExp(ROOM) }).waitFor({ timeout: 300_000 });
  await page.locator('[role=feed] article').last().waitFor({ timeout: 300_000 });
}

/** Resolves when every message is here, verified, and can be found. */
async function archiveOf(page: Page, count: number): Promise<number> {
  await connectTab(page);
  for (;;) {
    const { indexed } = await callBox<{ readonly indexed: number }>(page, ['search', 'coverage'], []);
    if (indexed >= count) return performance.now();
    console.log(`${indexed} of ${count} are here`);
    await setTimeout(1000);
  }
}

function searches(count: number): readonly (readonly [string])[] {
  return Array.from({ length: SEARCHES }, (_, i) =>
    i % 2 === 0 ? [TOPICS[i % TOPICS.length] as string] : [`message ${Math.floor((i * count) / SEARCHES)}`],
  );
}

/** An empty page first, then the room. */
async function scroll({ page, context }: Visitor, room: string): Promise<readonly [Frames, Frames]> {
  const empty = await context.newPage();
  await empty.mouse.move(600, 400);
  const blank = await watchFrames(empty, () => wheel(empty));
  await empty.close();
  await goTo(page, `/rooms/${room}`);
  await chatShown(page, room);
  await page.mouse.move(700, 400);
  return [blank, await watchFrames(page, () => wheel(page))];
}

async function wheel(page: Page): Promise<void> {
  const end = performance.now() + SCROLL_MILLISECONDS;
  while (performance.now() < end) {
    await page.mouse.wheel(0, -WHEEL_PIXELS);
    await setTimeout(WHEEL_MILLISECONDS);
  }
}

/** Bytes of JavaScript memory of the page and its workers, WebAssembly's included. */
async function heapOf(page: Page): Promise<number> {
  return (await page.evaluate('performance.measureUserAgentSpecificMemory().then(({ bytes }) => bytes)')) as number;
}

/** Comes back to the locked account: bytes of script until the room can be read, and then messages sent there. */
async function unlockedAndSent(
  visitor: Visitor,
  room: string,
): Promise<{ unlock: number; painted: readonly number[] }> {
  const scripts = countScripts(visitor);
  const page = await visitor.reload(`/unlock?account=${ADDRESS}&next=/rooms/${room}`);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  await chatShown(page, room);
  const unlock = scripts.bytes();
  await watchSending(page);
  const painted: number[] = [];
  for (let i = 0; i < SENT; i++) painted.push(await sendToPainted(page, ROOM, `sent now, number ${i}.`));
  return { unlock, painted };
}

function alone(what: string, ours: Figure['ours'], atMost: number | null): Figure {
  return { what, against: null, ours, theirs: null, better: 'less', asked: atMost === null ? null : { atMost } };
}

function ms(value: number): Figure['ours'] {
  return { value, unit: 'ms' };
}

function seconds(milliseconds: number): Figure['ours'] {
  return { value: milliseconds / 1000, unit: 's' };
}

function kib(bytes: number): Figure['ours'] {
  return { value: bytes / 1024, unit: 'KiB' };
}

function percent({ gaps }: Frames): Figure['ours'] {
  return { value: (100 * gaps.filter((pixels) => pixels > GAP_PIXELS).length) / gaps.length, unit: '%' };
}

const NOTES = [
  'The bound on the first load is missed. About 270 KB of it are the page: React with its DOM (65), the router (24), queries and the virtual list (20), the controls with their overlays (70), own screens and the frame around them. About 240 KB are the worker: sync, rooms, records and their judgement, formats and their checks (zod/mini, 10), Argon2id as WebAssembly in base64 (13), the glue of SQLite (10), ML-KEM and ML-DSA, which no browser has (6), curves for the transparency log. What is loaded when it is asked for: the ways in that were not taken, files, search, administration, linking and recovery, other devices, comparing people, dictionaries of passphrases, words of refusals, emoji, PDF, charts, every screen beside the rooms.',
  'Not measured: a room of 100,000 messages, which has ten eras at least, and what fills rooms here writes one; and a search in 50,000, which `npm run bench -- web 6` takes: a new browser verifies about 250 messages a second. The page holds 600 messages at most, however long a room is.',
  'The empty page does nothing and so waits for nobody: where others use the processor, a page that draws does wait. What the compositor may show by itself between two frames of the page is not seen.',
];
const ADDRESS = 'writer@localhost' as Address;
const PASSPHRASE = 'A passphrase for the bench 1';
const ROOM = 'Long room';
const TOPICS = ['bread', 'weather', 'the harbour', 'accounts', 'the new roof', 'trains'];
/** Fewer than an era takes. */
const ROOM_MESSAGES = 8340;
/** Less than the shortest message is high. */
const GAP_PIXELS = 24;
const SEARCHES = 60;
const SENT = 40;
const SCROLL_MILLISECONDS = 10_000;
const WHEEL_PIXELS = 400;
const WHEEL_MILLISECONDS = 30;
