import { setTimeout } from 'node:timers/promises';
import { createAccount, KeyBox, type OpenSession } from '@sotto/keybox';
import { DirectoryStorage, nodePlatform } from '@sotto/keybox-node';
import { type Address, parseDeviceName } from '@sotto/protocol';
import type { Page } from 'playwright-core';
import { TemporaryFolder } from '../test/support/folder.ts';
import { compressedBytes, countScripts, SERVICE_WORKER } from '../test/web/support/first-load.ts';
import { fillSignUp, type Visitor } from '../test/web/support/visitor.ts';
import { WebWorld } from '../test/web/support/web-world.ts';
import type { Bench, Figure, Result } from './support/bench.ts';
import { type Frames, quantile, watchFrames } from './support/web/frames.ts';
import { LongRoom, nativeDevice, TOPICS } from './support/web/long-room.ts';
import { moveVault } from './support/web/moved-vault.ts';
import { watchPainting } from './support/web/painted.ts';
import { framesDownTo, jumpTo, openRoom, sendToPainted, steadyFrames, watchSight } from './support/web/room-use.ts';
import { timeSealing } from './support/web/sealing.ts';
import { callBox, connectTab, timeBox } from './support/web/vault-calls.ts';

/** Words: messages of the long room. */
export const bench: Bench = {
  title: 'the web client in headless Chromium',
  about: `
The built client, served by a real home server on the same machine, in Debian's Chromium without a graphics card.

*First load*: every script that the page and its workers ask for from the first request until the messages of a room can be read and
answered, each compressed by \`gzip -9\`; once for somebody who signs in on a new browser, once for somebody who unlocks. The service worker's
script is told apart; what it fetches in the background, to keep the release for a day without a server, is not the page's. *Sign-up* is from the
press of the button to the recovery kit, each step until the next begins. The new browser fetches and verifies all of a room that the account's first device wrote.

*The long room* has one member, who wrote all of it, over eras that another device began: mostly single lines, every seventh message a list, every 23rd a paragraph, dated as if written in
two years. A browser would verify it for some minutes. So a native device of the same account signs in, and fetches, verifies, keeps and indexes all of it from the
same server, and marks it as read; then its vault moves: the bench copies its closed files, encrypted as they are, into the private file system of a browser with a profile on disk, in the form that docs/spec/vault.md gives them there. From
then on everything is the product: the client unlocks the vault by passphrase at the server, is that device, and syncs, reads, searches and sends with it. Nothing of
the vault is made up, and the client knows nothing of the bench.

*Scrolling*: the wheel is turned for ten seconds, 13,000 pixels a second, up from the end and down from the middle; messages all over the room are gone to as a hit of a search leads
to them; and the wheel is turned as fast as the page follows from the first message to the last. Before each frame it is looked how long ago the last one was, and
whether more than 24 pixels of the feed, less than the shortest message, show no row. The empty page is \`about:blank\` in the same browser. *Send to painted* is from the Enter key's own time until
the frame that shows the message was drawn, *jump* from the change of the address until the message's frame was. *Search* is a call from the page to the vault's worker and back, with the best 20 hits: for words
of which each is in a sixth of the messages, and for one message by its number. *Memory* is \`performance.measureUserAgentSpecificMemory\`, after collecting garbage.
*Sealing* is the STREAM of files in a worker; raw WebCrypto seals the same pieces of a MiB by AES-256-GCM in the page that started it and does nothing else.`,
  programs: ['chromium'],
  run,
};

async function run([messages = '100000']: readonly string[]): Promise<Result> {
  const total = Number(messages);
  using folder = new TemporaryFolder();
  await using world = await WebWorld.start();
  const writer = await firstDevice(world, folder.at('writer'));
  const [invitation = ''] = await new KeyBox(writer).createInvitations(1);
  const steps = await timedSignUp(await world.visitor(), invitation);
  const sealing = await timeSealing(world.browser);
  const room = await LongRoom.make(writer, ROOM, total);
  await room.fillEra(FIRST_MESSAGES);
  const first = await newBrowser(world, room);
  const half = await movedBrowser(world, { room, upTo: total / 2, folder });
  const inHalf = await timeBox(half.page, ['search', 'find'], searches(total / 2));
  await half.leave();
  const reader = await movedBrowser(world, { room, upTo: total, folder });
  const used = await useRoom(reader, room);
  await writer.close();
  const count = total.toLocaleString('en');
  return {
    figures: [
      alone('scripts of the first load: sign-in to chat, gzip', kib(first.scripts), 250),
      alone('scripts of the first load: unlock to chat, gzip', kib(first.unlock), 250),
      alone('script of the service worker, gzip', kib(compressedBytes(SERVICE_WORKER)), null),
      ...steps.map(([step, milliseconds]) => alone(`sign-up: ${step}`, ms(milliseconds), null)),
      alone('sign-in on a new browser, until the newest messages are read', seconds(first.readable), null),
      alone(
        `the same, until all of ${FIRST_MESSAGES.toLocaleString('en')} can be searched`,
        seconds(first.searchable),
        null,
      ),
      alone(`search in ${(total / 2).toLocaleString('en')} messages, median`, ms(quantile(inHalf, 0.5)), 20),
      alone('the same, p95', ms(quantile(inHalf, 0.95)), null),
      alone(`search in ${count} messages, median`, ms(quantile(used.found, 0.5)), null),
      alone('the same, p95', ms(quantile(used.found, 0.95)), null),
      alone(`room of ${count}: from the press of its link until it is painted`, ms(used.opened), null),
      alone('send to painted there, median', ms(quantile(used.painted, 0.5)), 100),
      alone('send to painted there, p95', ms(quantile(used.painted, 0.95)), null),
      alone('jump to any message there, median', ms(quantile(used.jumps, 0.5)), null),
      ...used.scrolled.flatMap(([how, frames]) => [
        scrolling(`${how}: frame, p95`, frames, used.empty),
        alone(`${how}: frames with a blank part`, percent(frames), 0),
      ]),
      ...used.memory.map(([whose, bytes]) => alone(`memory of ${whose}, after that`, mib(bytes), null)),
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

interface NewBrowser {
  /** Bytes of script until the room can be written in: after signing in, and after unlocking. */
  readonly scripts: number;
  readonly unlock: number;
  /** Milliseconds from the form until the newest messages could be read, and until all could be searched. */
  readonly readable: number;
  readonly searchable: number;
}

/** Signs in on a new browser, lets it fetch and verify everything, and comes back to the locked account. */
async function newBrowser(world: WebWorld, { id, written }: LongRoom): Promise<NewBrowser> {
  const visitor = await world.visitor();
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
  await chatShown(page, id);
  const readable = performance.now() - begun;
  const bytes = scripts.bytes();
  const searchable = (await archiveOf(page, written)) - begun;
  const again = countScripts(visitor);
  await chatShown(await unlocked(visitor, `/rooms/${id}`), id);
  const unlock = again.bytes();
  await visitor.leave();
  return { scripts: bytes, unlock, readable, searchable };
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

async function unlocked(visitor: Visitor, next: string): Promise<Page> {
  const page = await visitor.reload(`/unlock?account=${ADDRESS}&next=${next}`);
  await page.getByLabel('Passphrase', { exact: true }).fill(PASSPHRASE);
  await page.keyboard.press('Enter');
  return page;
}

/** A browser, its profile on disk, with the vault of a device that has read so many messages. */
async function movedBrowser(
  world: WebWorld,
  { room, upTo, folder }: { readonly room: LongRoom; readonly upTo: number; readonly folder: TemporaryFolder },
): Promise<Visitor> {
  const name = `native-${upTo}`;
  const device = await nativeDevice(world.origin, {
    ...{ name, folder: folder.at(name) },
    ...{ address: ADDRESS, passphrase: PASSPHRASE },
  });
  await room.fill(upTo, device);
  await device.close();
  const visitor = await world.visitor({ kept: true });
  await moveVault(await visitor.open('/manifest.webmanifest'), {
    ...{ folder: folder.at(name), address: ADDRESS, scratch: folder.at(`${name}-slots`) },
  });
  const page = await unlocked(visitor, '/rooms');
  await page
    .getByRole('link', { name: new RegExp(ROOM) })
    .first()
    .waitFor({ timeout: 300_000 });
  await connectTab(page);
  await archiveOf(page, upTo);
  return visitor;
}

interface Used {
  readonly found: readonly number[];
  readonly opened: number;
  readonly painted: readonly number[];
  readonly jumps: readonly number[];
  readonly empty: Frames;
  readonly scrolled: readonly (readonly [how: string, Frames])[];
  /** Bytes, WebAssembly's included. */
  readonly memory: readonly (readonly [whose: string, bytes: number])[];
}

/** What somebody does with a room in which nothing is missing. */
async function useRoom({ page, context }: Visitor, { id, written }: LongRoom): Promise<Used> {
  const found = await timeBox(page, ['search', 'find'], searches(written));
  const blank = await context.newPage();
  await blank.mouse.move(700, 400);
  const empty = await steadyFrames(blank, -WHEEL_PIXELS);
  await blank.close();
  await page.bringToFront();
  await watchPainting(page);
  await watchSight(page);
  const opened = await openRoom(page, ROOM);
  await chatShown(page, id);
  const painted: number[] = [];
  for (let i = 0; i < SENT; i++) painted.push(await sendToPainted(page, ROOM, sentText(i)));
  await page.mouse.move(700, 400);
  const upFromEnd = await steadyFrames(page, -WHEEL_PIXELS);
  const jumps: number[] = [];
  const jump = async (n: number): Promise<void> => void jumps.push(await jumpTo(page, id, n));
  const jumping = await watchFrames(page, async () => {
    for (let i = 0; i < JUMPS; i++) await jump(Math.floor((written * ((i * 7 + 3) % JUMPS)) / JUMPS));
  });
  await jump(Math.floor(written / 2));
  const downFromMiddle = await steadyFrames(page, WHEEL_PIXELS);
  await jump(0);
  const begun = performance.now();
  const through = await framesDownTo(page, sentText(SENT - 1));
  console.log(`through all of it in ${((performance.now() - begun) / 1000).toFixed(1)} s`);
  return {
    ...{ found, opened, painted, jumps, empty },
    scrolled: [
      ['scrolling up from the end', upFromEnd],
      ['scrolling down from the middle', downFromMiddle],
      ['jumping', jumping],
      ['from the first message through all to the last', through],
    ],
    memory: await memoryOf(page),
  };
}

function sentText(i: number): string {
  return `sent now, number ${i}.`;
}

function searches(count: number): readonly (readonly [string])[] {
  return Array.from({ length: SEARCHES }, (_, i) =>
    i % 2 === 0 ? [TOPICS[(i / 2) % TOPICS.length] as string] : [`message ${Math.floor((i * count) / SEARCHES)}`],
  );
}

async function memoryOf(page: Page): Promise<Used['memory']> {
  const { breakdown } = (await page.evaluate('performance.measureUserAgentSpecificMemory()')) as Memory;
  const of = (isOfWorker: boolean): number =>
    breakdown
      .filter(({ attribution }) => attribution.some(({ scope }) => /Worker/.test(scope)) === isOfWorker)
      .reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ['the page', of(false)],
    ['the workers', of(true)],
  ];
}

interface Memory {
  readonly breakdown: readonly {
    readonly bytes: number;
    readonly attribution: readonly { readonly scope: string }[];
  }[];
}

function scrolling(what: string, frames: Frames, empty: Frames): Figure {
  return {
    what,
    against: 'empty page',
    ours: ms(quantile(frames.intervals, 0.95)),
    theirs: ms(quantile(empty.intervals, 0.95)),
    better: 'less',
    asked: { timesAsMuch: 2 },
  };
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

function mib(bytes: number): Figure['ours'] {
  return { value: bytes / 2 ** 20, unit: 'MiB' };
}

function percent({ gaps }: Frames): Figure['ours'] {
  return { value: (100 * gaps.filter((pixels) => pixels > GAP_PIXELS).length) / gaps.length, unit: '%' };
}

const NOTES = [
  'The bound on the first load is missed. About 270 KB of it are the page: React with its DOM (65), the router (24), queries and the virtual list (20), the controls with their overlays (70), own screens and the frame around them. About 240 KB are the worker: sync, rooms, records and their judgement, formats and their checks (zod/mini, 10), Argon2id as WebAssembly in base64 (13), the glue of SQLite (10), ML-KEM and ML-DSA, which no browser has (6), curves for the transparency log. What is loaded when it is asked for: the ways in that were not taken, files, search, administration, linking and recovery, other devices, comparing people, dictionaries of passphrases, words of refusals, emoji, PDF, charts, every screen beside the rooms.',
  "The page holds 600 messages at most, however long a room is, and the vault's cache is 16 MB.",
  'The empty page does nothing and so waits for nobody: where others use the processor, a page that draws does wait. What the compositor may show by itself between two frames of the page is not seen.',
];
const ADDRESS = 'writer@localhost' as Address;
const PASSPHRASE = 'A passphrase for the bench 1';
const ROOM = 'Long room';
/** As many as an era takes, nearly: a new browser verifies them all. */
const FIRST_MESSAGES = 8340;
/** Less than the shortest message is high. */
const GAP_PIXELS = 24;
const SEARCHES = 60;
const SENT = 40;
const JUMPS = 20;
const WHEEL_PIXELS = 400;
