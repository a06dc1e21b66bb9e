import type { BrowserContext, ConsoleMessage, Page, Worker } from 'playwright-core';

/** Somebody at a browser. */
export class Visitor {
  readonly #origin: string;
  readonly #again: (() => Promise<BrowserContext>) | null;
  #context: BrowserContext;
  #page: Page;
  readonly #troubles: string[] = [];
  readonly #refusals: string[] = [];
  readonly #expected: RegExp[] = [];

  private constructor(
    origin: string,
    context: BrowserContext,
    page: Page,
    again: (() => Promise<BrowserContext>) | null,
  ) {
    this.#origin = origin;
    this.#context = context;
    this.#page = page;
    this.#again = again;
  }

  static async come(
    origin: string,
    context: BrowserContext,
    { again }: { readonly again: (() => Promise<BrowserContext>) | null },
  ): Promise<Visitor> {
    const visitor = new Visitor(origin, context, await firstPage(context), again);
    await visitor.#watch();
    return visitor;
  }

  get page(): Page {
    return this.#page;
  }

  get context(): BrowserContext {
    return this.#context;
  }

  /** Opens an address of the client, `/welcome`, or a whole link. */
  async open(path: string): Promise<Page> {
    // A link that differs behind `#` alone would not be loaded.
    await this.#page.goto('about:blank');
    await this.#page.goto(new URL(path, this.#origin).href);
    return this.#page;
  }

  /** Goes to another address without loading the page anew, which would lock the account. */
  async go(path: string): Promise<Page> {
    await this.#page.evaluate(
      `history.pushState(null, '', ${JSON.stringify(path)}); dispatchEvent(new PopStateEvent('popstate'))`,
    );
    return this.#page;
  }

  /** Closes the page and opens another: what was open is locked. */
  async reload(path: string): Promise<Page> {
    const page = await this.#context.newPage();
    await this.#page.close();
    this.#page = page;
    page.setDefaultTimeout(ACTION_MILLISECONDS);
    return await this.open(path);
  }

  /** Makes an account and ends in the list of rooms; the recovery kit is left for later. `roaming`: to sign in with anywhere. */
  async signUp(name: string, invitation: string, { roaming = false } = {}): Promise<void> {
    const page = await this.open(invitation);
    await page.getByRole('button', { name: 'Create your account' }).click();
    await fillSignUp(page, name);
    if (roaming) {
      await page.getByText('More choices').click();
      await page.getByText('Address and passphrase are enough').click();
    }
    await page.getByRole('button', { name: 'Create the account' }).click();
    await page.getByRole('button', { name: 'Later: remind me' }).click({ timeout: SIGN_UP_MILLISECONDS });
    await page.waitForURL('**/rooms');
  }

  /** What the console is expected to complain of, such as a server that is stopped. */
  expectTrouble(pattern: RegExp): void {
    this.#expected.push(pattern);
  }

  /** Throws for everything that went wrong unseen since the last time. */
  checkCalm(): void {
    const troubles = this.#troubles.splice(0);
    const unexpected = troubles.filter((trouble) => !this.#expected.some((pattern) => pattern.test(trouble)));
    if (unexpected.length > 0) throw new Error(`the page complained:\n${unexpected.join('\n')}`);
    const refused = this.refusals();
    if (refused.length > 0) throw new Error(`the policy refused:\n${refused.join('\n')}`);
  }

  /** What the content security policy refused since the last time, in pages, frames and workers. */
  refusals(): readonly string[] {
    return this.#refusals.splice(0);
  }

  /** Resolves once the policy has refused what a test tried; what it refused until then was expected. */
  async refused(pattern: RegExp): Promise<void> {
    while (!this.refusals().some((each) => pattern.test(each))) await this.#page.waitForTimeout(POLL_MILLISECONDS);
  }

  /** Ends the browser of a kept visitor as a crash would. */
  async killed(): Promise<void> {
    const session = await this.#context.browser()?.newBrowserCDPSession();
    const closed = new Promise((resolve) => this.#context.once('close', resolve));
    session?.send('Browser.crash').catch(() => undefined);
    await closed;
  }

  /** The browser of a kept visitor, started again. */
  async again(): Promise<Page> {
    if (this.#again === null) throw new Error('only a kept visitor comes again');
    this.#context = await this.#again();
    this.#page = await firstPage(this.#context);
    await this.#watch();
    return this.#page;
  }

  async leave(): Promise<void> {
    await this.#context.close();
  }

  async #watch(): Promise<void> {
    const watchWorker = (worker: Worker): void => void worker.evaluate(WATCH).catch(Boolean);
    const watchPage = (page: Page): void => void page.on('worker', watchWorker);
    for (const page of this.#context.pages()) watchPage(page);
    this.#context.on('page', watchPage);
    this.#context.on('serviceworker', watchWorker);
    this.#context.on('console', (message) => this.#hear(message));
    this.#context.on('weberror', (error) => this.#troubles.push(String(error.error().stack)));
    await this.#context.addInitScript(WATCH);
  }

  #hear(message: ConsoleMessage): void {
    const text = message.text();
    if (text.startsWith(REFUSED)) this.#refusals.push(text);
    else if (message.type() === 'error' && !TOLD_TWICE.test(text)) this.#troubles.push(text);
  }
}

export function passphraseOf(name: string): string {
  return `the passphrase of ${name} is long`;
}

/** Fills the form of a new account. */
export async function fillSignUp(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name in the address').fill(name);
  await page.getByLabel('Passphrase', { exact: true }).fill(passphraseOf(name));
  await page.getByLabel('Repeat the passphrase').fill(passphraseOf(name));
}

/** Has the account of a filled form created, until a step has begun: who looked from time to time would miss short ones. */
export async function createUntil(page: Page, step: string): Promise<void> {
  const begun = page.evaluate(`new Promise((resolve) => {
    const isBegun = ({ dataset, textContent }) =>
      ['current', 'done'].includes(dataset.state) && textContent.includes(${JSON.stringify(step)});
    new MutationObserver((_, observer) => {
      if (![...document.querySelectorAll('ol > li')].some(isBegun)) return;
      observer.disconnect();
      resolve();
    }).observe(document, { subtree: true, childList: true, attributes: true });
  })`);
  await page.getByRole('button', { name: 'Create the account' }).click();
  await begun;
}

async function firstPage(context: BrowserContext): Promise<Page> {
  const page = context.pages()[0] ?? (await context.newPage());
  page.setDefaultTimeout(ACTION_MILLISECONDS);
  return page;
}

/** In a page, a frame or a worker: says what the policy refuses there. */
const REFUSED = 'refused by the policy:';
const WATCH = `addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber }) =>
  console.error('${REFUSED}', effectiveDirective, blockedURI, sourceFile + ':' + lineNumber))`;
/** What browsers write of the same. */
const TOLD_TWICE = /Content.Security.Policy/;
const ACTION_MILLISECONDS = 60_000;
const POLL_MILLISECONDS = 50;
const SIGN_UP_MILLISECONDS = 120_000;
