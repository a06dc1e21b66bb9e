import { mkdirSync } from 'node:fs';
import type { Browser } from 'playwright-core';
import { TemporaryFolder } from '../../support/folder.ts';
import { HomeServer } from '../../support/home-server.ts';
import { Person } from '../../support/person.ts';
import { root, runProgram } from '../../support/program.ts';
import { type EngineName, launch, launchKept, newContext } from './engine.ts';
import { Visitor } from './visitor.ts';

/**
 * A home server with the built web client, and browsers in which people use it. For a file of tests:
 *
 *     let world: WebWorld;
 *     beforeAll(async () => { world = await WebWorld.start(); }, 300_000);
 *     afterAll(() => world?.[Symbol.asyncDispose]());
 *
 *     test('…', async () => {
 *       const alice = await world.signUp('alice');          // a person with an account, in the list of rooms
 *       await alice.page.getByRole('link', { name: 'Rooms' }).click();
 *       await checkAccessible(alice.page);                  // axe: light and dark, 1280 and 360 px
 *       await picture(alice.page, 'room-list');             // docs/screens, with SOTTO_SCREENS=1
 *       await tabTo(alice.page, 'New room');                // keyboard alone
 *       alice.checkCalm();                                  // no console error, no refusal of the content security policy
 *     });                                                   // (of which the world tells in the end, too)
 *
 * All visitors share one browser, by default Chromium, each in a context with storage, cookies and a language of their own; `visitor({ kept: true })`
 * gives one with a profile on disk, which `killed()` ends as a crash would and `again()` opens anew. Owner of the server is
 * somebody at the command line, `world.owner`: it makes invitations, and can talk with those in browsers. A test that
 * wants the first invitation for a browser takes `world.ownerInvitation()` before anybody else is invited.
 */
export class WebWorld implements AsyncDisposable {
  readonly server: HomeServer;
  readonly #folder: TemporaryFolder;
  readonly #engine: EngineName;
  readonly #browser: Browser;
  readonly #visitors: Visitor[] = [];
  #owner: Promise<Person> | null = null;

  private constructor(
    engine: EngineName,
    { folder, server, browser }: { folder: TemporaryFolder; server: HomeServer; browser: Browser },
  ) {
    this.#engine = engine;
    this.#folder = folder;
    this.server = server;
    this.#browser = browser;
  }

  /** `serve` starts another home server than an honest one. */
  static async start(engine: EngineName = 'Chromium', serve: typeof honest = honest): Promise<WebWorld> {
    await buildClient();
    const folder = new TemporaryFolder();
    const [server, browser] = await Promise.all([serve(folder), launch(engine)]);
    return new WebWorld(engine, { folder, server, browser });
  }

  get origin(): string {
    return this.server.line.url;
  }

  get browser(): Browser {
    return this.#browser;
  }

  /** Somebody without an account, at no address yet. */
  async visitor({ kept = false }: { readonly kept?: boolean } = {}): Promise<Visitor> {
    const profile = this.#folder.at(`visitor-${this.#visitors.length}`);
    if (kept) mkdirSync(profile);
    const again = kept ? () => launchKept(profile) : null;
    const context = await (again?.() ?? newContext(this.#browser, this.#engine));
    const visitor = await Visitor.come(this.origin, context, { again });
    this.#visitors.push(visitor);
    return visitor;
  }

  /** The invitation that makes the owner: for a browser, instead of the command line. */
  ownerInvitation(): string {
    if (this.#owner !== null) throw new Error('somebody at the command line is the owner already');
    return this.server.invitation;
  }

  /** The owner, at the command line. */
  owner(): Promise<Person> {
    this.#owner ??= this.#makeOwner();
    return this.#owner;
  }

  async invite(): Promise<string> {
    const owner = await this.owner();
    return (await owner.line('admin', 'invitations', 'create')).url;
  }

  /** Somebody with an account, made as people make one: by an invitation, its passphrase `passphraseOf(name)`. */
  async signUp(
    name: string,
    { kept = false, roaming = false }: { readonly kept?: boolean; readonly roaming?: boolean } = {},
  ): Promise<Visitor> {
    const [invitation, visitor] = await Promise.all([this.invite(), this.visitor({ kept })]);
    await visitor.signUp(name, invitation, { roaming });
    return visitor;
  }

  /** Throws if the content security policy refused anything that no test asked about. */
  async [Symbol.asyncDispose](): Promise<void> {
    for (const visitor of this.#visitors) await visitor.leave();
    await this.#browser.close();
    await this.server[Symbol.asyncDispose]();
    this.#folder[Symbol.dispose]();
    const refused = this.#visitors.flatMap((visitor) => visitor.refusals());
    if (refused.length > 0) throw new Error(`the policy refused:\n${refused.join('\n')}`);
  }

  async #makeOwner(): Promise<Person> {
    const owner = new Person({ folder: this.#folder.at('owner'), name: 'owner' });
    await owner.line('account', 'create', 'owner', '--invitation', this.server.invitation);
    return owner;
  }
}

function honest(folder: TemporaryFolder): Promise<HomeServer> {
  return HomeServer.start({ data: folder.at('server') });
}

/** As people build it: what runs the tests would have React built for tests. */
async function buildClient(): Promise<void> {
  const { code, stderr } = await runProgram(process.execPath, [`${root}scripts/build.ts`]);
  if (code !== 0) throw new Error(`the web client cannot be built: ${stderr}`);
}
