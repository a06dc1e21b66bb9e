import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { launch } from 'puppeteer-core';

/** A page of a real browser. */
export interface BrowserPage {
  /** Evaluates an expression in the page and gives what its promise resolves to. */
  evaluate(expression: string): Promise<unknown>;
  close(): Promise<void>;
}

export interface BrowserKind {
  readonly name: string;
  readonly executablePath: string;
  open(url: string): Promise<BrowserPage>;
}

export const browsers: readonly BrowserKind[] = [
  {
    name: 'Chromium',
    executablePath: '/usr/bin/chromium',
    async open(url) {
      const profile = await mkdtemp(join(tmpdir(), 'sotto-chromium-'));
      const context = await chromium.launchPersistentContext(profile, {
        executablePath: this.executablePath,
        headless: true,
        args: [...CHROMIUM_FLAGS, ...CALL_FLAGS],
      });
      const page = context.pages()[0] ?? (await context.newPage());
      await page.goto(url);
      return {
        evaluate: (expression) => page.evaluate(expression),
        async close() {
          await context.close();
          await rm(profile, { recursive: true, force: true });
        },
      };
    },
  },
  {
    name: 'Firefox',
    executablePath: '/usr/bin/firefox-esr',
    async open(url) {
      const browser = await launch({
        browser: 'firefox',
        executablePath: this.executablePath,
        headless: true,
        protocolTimeout: 120_000,
        extraPrefsFirefox: CALL_PREFERENCES,
      });
      const page = await browser.newPage();
      await page.goto(url);
      return {
        evaluate: (expression) => page.evaluate(expression),
        close: () => browser.close(),
      };
    },
  },
];

/** Throws, saying what to install, when the browser is missing. */
export function checkInstalled({ name, executablePath }: BrowserKind): void {
  if (existsSync(executablePath)) return;
  const advice = 'install it, or set SOTTO_WITHOUT_PEERS=1 to go without';
  throw new Error(`${name} is not at ${executablePath}: ${advice}`);
}

export const CHROMIUM_FLAGS: readonly string[] = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Sound without a click, and calls inside of one machine. */
const CALL_FLAGS: readonly string[] = [
  '--autoplay-policy=no-user-gesture-required',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  '--disable-features=WebRtcHideLocalIpsWithMdns',
];

const CALL_PREFERENCES = {
  'media.autoplay.default': 0,
  'media.autoplay.blocking_policy': 0,
  'media.autoplay.block-webaudio': false,
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.peerconnection.ice.obfuscate_host_addresses': false,
};
