import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, launch, type Page } from 'puppeteer-core';
import { type BrowserKind, CHROMIUM_FLAGS } from '../../browsers/browser.ts';

/** A browser of one person: closed or killed, it opens again with what it has stored. */
export class PersonalBrowser implements AsyncDisposable {
  readonly #kind: BrowserKind;
  readonly #profile = mkdtempSync(join(tmpdir(), 'sotto-browser-'));
  #browser: Browser | null = null;

  constructor(kind: BrowserKind) {
    this.#kind = kind;
  }

  /** Opens a page in a tab of its own. */
  async open(url: string): Promise<Tab> {
    const page = await (await this.#running()).newPage();
    await page.goto(url);
    return new Tab(page);
  }

  async close(): Promise<void> {
    const browser = this.#browser;
    this.#browser = null;
    await browser?.close();
  }

  /** As a crash does: nothing is told, nothing is written any more. */
  async kill(): Promise<void> {
    const browser = this.#browser;
    this.#browser = null;
    const child = browser?.process();
    if (child == null) return;
    const exited = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await exited;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  async #running(): Promise<Browser> {
    const isFirefox = this.#kind.name === 'Firefox';
    this.#browser ??= await launch({
      browser: isFirefox ? 'firefox' : 'chrome',
      executablePath: this.#kind.executablePath,
      headless: true,
      userDataDir: this.#profile,
      protocolTimeout: 120_000,
      args: isFirefox ? [] : [...CHROMIUM_FLAGS],
    });
    return this.#browser;
  }
}

/** A tab of a browser. */
export class Tab {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Evaluates an expression; the code of the fault that it throws becomes the message. */
  async run<Result>(expression: string): Promise<Result> {
    const guarded = `Promise.resolve(${expression}).then((value) => ({ value }), (cause) => ({ code: cause.code ?? String(cause) }))`;
    const answer = (await this.page.evaluate(guarded)) as { readonly value: Result; readonly code?: string };
    if (answer.code !== undefined) throw new Error(answer.code);
    return answer.value;
  }

  /** The code of what the expression throws; `done` if it throws nothing. */
  async codeOf(expression: string): Promise<string> {
    return this.run(`Promise.resolve(${expression}).then(() => 'done', (cause) => cause.code ?? String(cause))`);
  }

  /** Ends the processes of the tab, in Chromium. */
  async crash(): Promise<void> {
    const session = await this.page.createCDPSession();
    const crashed = new Promise((resolve) => this.page.once('error', resolve));
    session.send('Page.crash').catch(() => undefined);
    await crashed;
  }

  close(): Promise<void> {
    return this.page.close();
  }
}
