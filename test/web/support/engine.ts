import { type Browser, type BrowserContext, chromium, firefox, type LaunchOptions } from 'playwright-core';
import { browsers, CHROMIUM_FLAGS, checkInstalled } from '../../browsers/browser.ts';

export type EngineName = 'Chromium' | 'Firefox';

type Settings = Readonly<Record<string, string | number | boolean>>;

/** A browser for many visitors, each in a context of its own; `settings` are those of Firefox. */
export async function launch(name: EngineName, settings: Settings = {}): Promise<Browser> {
  const browser = await engine(name).launch(options(name, settings));
  if (name === 'Firefox') withoutMedia(browser);
  return browser;
}

export async function newContext(browser: Browser, name: EngineName): Promise<BrowserContext> {
  const context = await browser.newContext({ ...CONTEXT, ...CALM[name] });
  if (name === 'Firefox') await context.addInitScript(TYPED);
  return context;
}

/** A Chromium of one visitor, with a profile on disk. */
export function launchKept(profile: string): Promise<BrowserContext> {
  return chromium.launchPersistentContext(profile, { ...options('Chromium'), ...CONTEXT, ...CALM.Chromium });
}

function engine(name: EngineName): typeof chromium {
  return name === 'Chromium' ? chromium : firefox;
}

function options(name: EngineName, settings: Settings = {}): LaunchOptions {
  const kind = browsers.find((each) => each.name === name);
  if (kind === undefined) throw new Error(`no ${name} in the list of browsers`);
  checkInstalled(kind);
  const { executablePath } = kind;
  if (name === 'Chromium') return { executablePath, headless: true, args: [...CHROMIUM_FLAGS] };
  // The Firefox of the distribution speaks WebDriver BiDi alone.
  const firefoxUserPrefs = { 'ui.prefersReducedMotion': 1, ...settings };
  return { executablePath, headless: true, channel: 'moz-firefox', firefoxUserPrefs };
}

/** Firefox ESR knows no command to pretend a colour scheme, and what drives it gives one to every context. */
function withoutMedia(browser: Browser): void {
  const { _connection } = browser as unknown as { readonly _connection: { toImpl(of: Browser): BidiBrowser } };
  const session = Object.getPrototypeOf(_connection.toImpl(browser)._browserSession) as BidiSession;
  const { send } = session;
  session.send = function (this: BidiSession, method, parameters) {
    return method === 'emulation.setMediaFeaturesOverride' ? Promise.resolve({}) : send.call(this, method, parameters);
  };
}

interface BidiBrowser {
  readonly _browserSession: BidiSession;
}

interface BidiSession {
  send(method: string, parameters: unknown): Promise<unknown>;
}

/** What fills fields there sets their value, and React does not hear of that: it hears of what is typed. */
const TYPED = `Object.defineProperty(window, '__pw_bidiInsertText', {
  get: () => (text) => void document.execCommand('insertText', false, text),
  set: () => undefined,
})`;
const CONTEXT = { viewport: { width: 1280, height: 800 }, locale: 'en-GB', timezoneId: 'Europe/Berlin' } as const;
const CALM = { Chromium: { reducedMotion: 'reduce' }, Firefox: {} } as const;
