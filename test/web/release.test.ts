import { createHash } from 'node:crypto';
import { appendFileSync, createReadStream, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { releaseKeyFingerprint } from '@sotto/protocol';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, assert, beforeAll, describe, onTestFinished, test } from 'vitest';
import { inlineStyles } from '../../scripts/web/inline-styles.ts';
import { type BrowserPage, browsers, checkInstalled } from '../browsers/browser.ts';
import { root } from '../support/program.ts';
import { HostileWeb, otherRelease, saying } from './support/hostile-web.ts';

const withoutPeers = process.env['SOTTO_WITHOUT_PEERS'] === '1';
const [kind, firefox] = browsers;

describe.skipIf(withoutPeers)('the release in Chromium', () => {
  let browser: Browser;
  let folder: string;
  let release: string;

  beforeAll(async () => {
    if (kind !== undefined) checkInstalled(kind);
    browser = await chromium.launch({ executablePath: kind?.executablePath ?? '', args: ['--no-sandbox'] });
    folder = mkdtempSync(join(tmpdir(), 'sotto-release-'));
    release = await otherRelease(join(folder, 'one'), { at: AT, alter: saying('one') });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('a page loads without one violation of its policy, and is kept from the second load on', async () => {
    const { page } = await visit();
    assert.deepEqual(await page.evaluate('window.violations'), []);
    assert.strictEqual(await page.evaluate('crossOriginIsolated'), true);
    await page.reload();
    await page.waitForSelector('#root > *');
    assert.strictEqual(await page.evaluate('navigator.serviceWorker.controller !== null'), true);
    assert.deepEqual(await page.evaluate('window.violations'), []);
  });

  test('without its server it opens all the same, at any of its addresses', async () => {
    const { page, web } = await visit();
    web.down();
    for (const path of ['/', '/rooms/7f3a']) {
      await page.goto(web.url + path);
      await page.waitForSelector('#root > *');
      assert.strictEqual(await words(page), 'one');
    }
    assert.deepEqual(await page.evaluate('window.violations'), []);
  });

  test('the headers are its own, whatever the server says from then on', async () => {
    const { page, web } = await visit();
    web.down();
    const headers = (await page.evaluate(
      "fetch('/index.html').then((response) => Object.fromEntries(response.headers.entries()))",
    )) as Readonly<Record<string, string>>;
    assert.match(
      headers['content-security-policy'] ?? '',
      /^default-src 'none'; script-src 'self' 'wasm-unsafe-eval';/,
    );
    assert.strictEqual(headers['cross-origin-embedder-policy'], 'require-corp');
    assert.strictEqual(headers['content-type'], 'text/html; charset=utf-8');
  });

  test('an asset that was altered before the first load does not run', async () => {
    const web = await serve();
    const script = mainScript(release);
    web.lies.set(script, { body: `${readFileSync(join(release, script), 'utf8')}\nwindow.pwned = true;` });
    const page = await (await newContext()).newPage();
    await page.goto(web.url);
    await page.waitForLoadState('networkidle');
    assert.strictEqual(await page.evaluate('document.getElementById("root").childElementCount'), 0);
    assert.strictEqual(await page.evaluate('window.pwned'), undefined);
  });

  test('a newer release waits for its person, and every tab loads it then', async () => {
    const { page, web } = await visit();
    const second = await page.context().newPage();
    await second.goto(web.url);
    await web.serve(await otherRelease(newFolder(), { at: AT + 1, alter: saying('two') }));
    await page.reload();
    await page.getByRole('button', { name: 'Load it' }).waitFor();
    assert.strictEqual(await words(page), 'one');
    await page.getByRole('button', { name: 'Load it' }).click();
    for (const tab of [page, second]) await tab.waitForSelector('meta[name=words][content=two]', { state: 'attached' });
    web.down();
    await page.reload();
    assert.strictEqual(await words(page), 'two');
  });

  describe('of a newer release is refused, shown, and the old one goes on:', () => {
    test.each<readonly [string, string, (web: HostileWeb, newer: string) => void]>([
      ['an altered asset', 'asset-altered', (web, newer) => web.lies.set('/index.html', { body: altered(newer) })],
      [
        'an asset of the release before',
        'asset-altered',
        (web) => web.lies.set('/index.html', { body: altered(release, '') }),
      ],
      ['bytes that are no manifest', 'manifest-forged', (web) => web.lies.set('/release.cbor', { body: 'x' })],
      [
        'a manifest with another signature',
        'manifest-forged',
        (web, newer) => web.lies.set('/release.cbor', { body: otherLast(newer) }),
      ],
    ])('%s', async (_what, code, lie) => {
      const { page, web } = await visit();
      const newer = await otherRelease(newFolder(), { at: AT + 1, alter: saying('two') });
      await web.serve(newer);
      lie(web, newer);
      await refused(page, code);
      await page.getByRole('button', { name: 'Go on' }).click();
      await page.getByText(code).waitFor({ state: 'detached' });
      assert.strictEqual(await words(page), 'one');
    });
  });

  test('an older release is refused, and so is another of the same time', async () => {
    for (const at of [AT - 1, AT]) {
      const { page, web } = await visit();
      await web.serve(await otherRelease(newFolder(), { at, alter: saying('zero') }));
      await refused(page, 'release-older');
      assert.strictEqual(await words(page), 'one');
    }
  });

  test('a release of another key is refused until its person has compared the fingerprint', async () => {
    const { page, web } = await visit();
    const key = new Secret(new Uint8Array(32).fill(9));
    await web.serve(await otherRelease(newFolder(), { at: AT + 1, alter: saying('two'), key }));
    await refused(page, 'release-key-changed');
    const fingerprint = releaseKeyFingerprint(await nodePrimitives().ed25519.publicKey(key));
    const shown = await page.locator('code').allInnerTexts();
    assert.include(
      shown.map((text) => text.replaceAll(/\s/g, '')),
      fingerprint,
    );
    await page.getByRole('button', { name: 'accept' }).click();
    await page.getByRole('button', { name: 'Load it' }).click();
    await page.waitForSelector('meta[name=words][content=two]', { state: 'attached' });
  });

  test('a worker that a newer release names takes over together with it', async () => {
    const { page, web } = await visit();
    const alter = (other: string) => {
      saying('two')(other);
      appendFileSync(join(other, 'service-worker.js'), '\n// newer');
    };
    await web.serve(await otherRelease(newFolder(), { at: AT + 1, alter }));
    await page.reload();
    await page.getByRole('button', { name: 'Load it' }).click();
    await page.waitForSelector('meta[name=words][content=two]', { state: 'attached' });
    await page.evaluate(CONTROLLED);
    assert.strictEqual(await page.evaluate(OTHER_WORKERS), 0);
    assert.strictEqual(await page.getByText('worker-replaced').count(), 0);
  });

  test.each([
    ['takes over at once', 'skipWaiting()'],
    ['waits', 'undefined'],
  ])('a worker that no manifest names and that %s is shown, and cannot talk it away', async (_what, step) => {
    const { page, web } = await visit();
    web.lies.set('/service-worker.js', { body: smoothWorker(step) });
    await page.addInitScript(`navigator.serviceWorker.addEventListener('message', ({ data }) => {
      if (data.state?.current === null) window.hasHeardIt = true;
    });`);
    await refused(page, 'worker-replaced');
    await page.waitForFunction(() => 'hasHeardIt' in globalThis);
    await page.getByText('worker-replaced', { exact: true }).waitFor();
    assert.strictEqual(await page.getByText('worker-gone').count(), 0);
  });

  test('a worker that no manifest names is shown where the browser found it before the page listened', async () => {
    const { page, web } = await visit();
    web.lies.set('/service-worker.js', { body: smoothWorker('undefined') });
    await page.addInitScript(`{
      const { register } = ServiceWorkerContainer.prototype;
      ServiceWorkerContainer.prototype.register = async function (...given) {
        const registration = await register.apply(this, given);
        await registration.update();
        while (registration.waiting === null) await new Promise((resolve) => setTimeout(resolve, 10));
        return registration;
      };
    }`);
    await refused(page, 'worker-replaced');
  });

  test('what no manifest names is not there, though the server has it', async () => {
    const { page, web } = await visit();
    web.lies.set('/assets/evil.js', { status: 200, type: 'text/javascript', body: 'window.pwned = true' });
    await page.evaluate(`
      const link = document.createElement('link');
      Object.assign(link, { rel: 'stylesheet', href: '/assets/evil.css' });
      document.head.append(link);`);
    await page.getByText('asset-unlisted').waitFor();
    assert.strictEqual(await page.evaluate("fetch('/assets/evil.js').then(({ status }) => status)"), 404);
  });

  test('the page of previews opens without the server, and has no origin, network and storage', async () => {
    const { page, web } = await visit();
    web.down();
    await page.evaluate(FRAME);
    const inside = page.frames().find((each) => each.url().endsWith('/preview.html'));
    assert.strictEqual(await inside?.evaluate('origin'), 'null');
    const reached = await inside?.evaluate("fetch('/v1/health').then(() => 'reached', () => 'refused')");
    assert.strictEqual(reached, 'refused');
    const kept = await inside?.evaluate("(() => { try { return localStorage.length } catch { return 'refused' } })()");
    assert.strictEqual(kept, 'refused');
    assert.deepEqual(await page.evaluate('window.violations'), []);
  });

  test('a download of 160 MiB streams through the worker, as an attachment of no type, and arrives whole', async () => {
    const { page } = await visit();
    const saved = page.waitForEvent('download');
    await page.evaluate(offer(160));
    const download = await saved;
    assert.strictEqual(download.suggestedFilename(), 'Bericht ü; (1).html');
    const hash = createHash('sha256');
    for await (const part of createReadStream((await download.path()) ?? '')) hash.update(part);
    assert.strictEqual(hash.digest('hex'), hashOfOffer(160));
    assert.strictEqual(await page.evaluate('window.mostAtOnce'), 1);
    assert.deepEqual(await page.evaluate('window.violations'), []);
  });

  async function serve(): Promise<HostileWeb> {
    const web = await HostileWeb.start(newFolder(), release);
    onTestFinished(() => web[Symbol.asyncDispose]());
    return web;
  }

  async function newContext(): Promise<BrowserContext> {
    const context = await browser.newContext({ locale: 'en' });
    onTestFinished(() => context.close());
    await context.addInitScript(`
      window.violations = [];
      addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sample }) => {
        window.violations.push(effectiveDirective + ' ' + blockedURI + ' ' + sample);
      });`);
    return context;
  }

  /** A browser that has loaded the page once, and keeps its release. */
  async function visit(): Promise<{ readonly page: Page; readonly web: HostileWeb }> {
    const web = await serve();
    const page = await (await newContext()).newPage();
    await page.goto(web.url);
    await page.waitForSelector('#root > *');
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await page.evaluate(CONTROLLED);
    return { page, web };
  }

  async function refused(page: Page, code: string): Promise<void> {
    await page.reload();
    await page.getByText(code, { exact: true }).waitFor();
  }

  function newFolder(): string {
    return mkdtempSync(join(folder, 'other-'));
  }
});

describe.skipIf(withoutPeers)('the release in Firefox', () => {
  let folder: string;
  let web: HostileWeb;
  let page: BrowserPage;

  beforeAll(async () => {
    if (firefox === undefined) throw new Error('no Firefox in the list of browsers');
    checkInstalled(firefox);
    folder = mkdtempSync(join(tmpdir(), 'sotto-release-'));
    web = await HostileWeb.start(join(folder, 'data'), await otherRelease(join(folder, 'one'), { at: AT }));
    page = await firefox.open(web.url);
  });

  afterAll(async () => {
    await page?.close();
    await web?.[Symbol.asyncDispose]();
    rmSync(folder, { recursive: true, force: true });
  });

  test('is kept: without its server the page opens all the same', async () => {
    await page.evaluate(CONTROLLED);
    web.down();
    await reload();
    assert.strictEqual(await page.evaluate('document.title'), 'Sotto');
    web.down(false);
  });

  test('of a newer one an altered asset is refused and shown', async () => {
    const newer = await otherRelease(join(folder, 'two'), { at: AT + 1, alter: saying('two') });
    await web.serve(newer);
    web.lies.set('/index.html', { body: altered(newer) });
    await reload();
    await until("document.body.innerText.includes('asset-altered')");
    assert.strictEqual(await page.evaluate("document.querySelector('meta[name=words]')"), null);
  });

  async function reload(): Promise<void> {
    await page.evaluate('window.isOld = true; void setTimeout(() => location.reload(), 0)');
    await until("window.isOld === undefined && document.querySelector('#root > *') !== null");
  }

  /** A page that is being loaded answers nothing. */
  async function until(expression: string): Promise<void> {
    while ((await page.evaluate(expression).catch(() => false)) !== true) await setTimeout(200);
  }
});

test('the inline styles that the policy allows are those of the components, to the letter', () => {
  const source = (path: string) => readFileSync(`${root}node_modules/react-aria/dist/private/${path}`, 'utf8');
  const press = source('interactions/usePress.mjs').replace(
    /\$\{[^}]+PRESSABLE_ATTRIBUTE\}/,
    'data-react-aria-pressable',
  );
  const found = [press, source('overlays/usePreventScroll.mjs')].map((text, i) =>
    text.includes(inlineStyles[i] ?? '-'),
  );
  assert.deepEqual(found, [true, true]);
  assert.strictEqual(inlineStyles.length, 2);
});

function mainScript(release: string): string {
  const page = readFileSync(join(release, 'index.html'), 'utf8');
  return /<script[^>]+src="([^"]+)"/.exec(page)?.[1] ?? '';
}

function altered(release: string, by = '<!-- -->'): string {
  return `${readFileSync(join(release, 'index.html'), 'utf8')}${by}`;
}

function otherLast(release: string): Uint8Array {
  const bytes = new Uint8Array(readFileSync(join(release, 'release.cbor')));
  return bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1);
}

function words(page: Page): Promise<string | null> {
  return page.locator('meta[name=words]').getAttribute('content');
}

/** Resolves when the page is under the control of its worker. */
const CONTROLLED = `navigator.serviceWorker.controller === null
  ? new Promise((resolve) => navigator.serviceWorker.addEventListener('controllerchange', () => resolve(), { once: true }))
  : undefined`;
const OTHER_WORKERS = `navigator.serviceWorker.getRegistration().then(
  ({ installing, waiting }) => [installing, waiting].filter((worker) => worker !== null).length)`;
/** Opens the page of previews; resolves when it says that it is ready. */
const FRAME = `new Promise((resolve) => {
  addEventListener('message', () => resolve(), { once: true });
  const frame = document.createElement('iframe');
  frame.src = '/preview.html';
  document.body.append(frame);
})`;

/** A worker that tells the pages again and again that it was judged, and that all is well or was only cleared away. */
function smoothWorker(step: string): string {
  return `
    const state = { current: null, update: null, nextWorker: '00', refusal: null };
    const gone = { code: 'worker-gone', path: null, keyFingerprint: null, at: 0 };
    const talk = async () => {
      for (const page of await clients.matchAll({ includeUncontrolled: true })) {
        for (const refusal of [null, gone]) page.postMessage({ kind: 'release', state: { ...state, refusal } });
      }
    };
    addEventListener('install', (event) => event.waitUntil(talk().then(() => ${step})));
    addEventListener('activate', (event) => event.waitUntil(talk()));
    setInterval(talk, 100);
    addEventListener('message', ({ ports: [port] }) => port?.postMessage(state));`;
}

/** What a vault's worker does for a download, by packages/keybox-web/src/download-stream.ts, with pieces of 1 MiB. */
function offer(pieces: number): string {
  return `{
    const channel = new BroadcastChannel('sotto/download/0123456789abcdef0123');
    let sent = 0;
    let asked = 0;
    window.mostAtOnce = 0;
    channel.onmessage = ({ data: { kind } }) => {
      if (kind === 'open') channel.postMessage({ kind: 'head', name: 'Bericht ü; (1).html', sizeBytes: ${pieces} * 1024 * 1024 });
      if (kind !== 'pull') return;
      asked += 1;
      window.mostAtOnce = Math.max(window.mostAtOnce, asked - sent);
      if (sent === ${pieces}) return channel.postMessage({ kind: 'end' });
      channel.postMessage({ kind: 'piece', bytes: new Uint8Array(1024 * 1024).fill(sent % 251) });
      sent += 1;
    };
    const frame = document.createElement('iframe');
    frame.src = '/download/0123456789abcdef0123';
    document.body.append(frame);
  }`;
}

function hashOfOffer(pieces: number): string {
  const hash = createHash('sha256');
  for (let sent = 0; sent < pieces; sent++) hash.update(new Uint8Array(1024 * 1024).fill(sent % 251));
  return hash.digest('hex');
}

const AT = 1_767_600_000_000;
