import { Secret } from '@sotto/crypto';
import {
  type AccountSummary,
  KeyboxPolicyFault,
  type OpenSession,
  type Platform,
  type VaultStorage,
} from '@sotto/keybox';
import type { MethodKind } from '@sotto/keybox/methods';
import { WebUsageFault } from '../fault.ts';
import { webPlatform } from '../platform/platform.ts';
import type { Profile } from '../storage/profile.ts';
import type { VaultEvent, VaultState } from '../vault.ts';
import type { Inheritance } from '../wire/channels.ts';
import { HeldAccount } from './held-account.ts';
import { forgetBrokenReads } from './memory-target.ts';
import type { Stored } from './stored.ts';

/** Where the vaults' worker tells what others need to know. */
export interface Outlet {
  tell(event: VaultEvent): void;
  /** What may be inherited is new: those who wait may ask for it. */
  handOn(): void;
  /** Whoever was handed something is to wipe it. */
  disinherit(): void;
}

/** The accounts of this browser, of which one at most is open. */
export class HeldVaults {
  readonly platform: Platform = webPlatform();
  readonly #stored: Stored;
  readonly #outlet: Outlet;
  #open: HeldAccount | null = null;
  #lastUse = 0;
  /** Null when they have to be looked up anew. */
  #accounts: Promise<readonly AccountSummary[]> | null = null;
  /** The last state that was told, as text. */
  #told = '';
  #telling: Promise<void> = Promise.resolve();
  #isDue = false;
  #lastTold = 0;

  constructor(stored: Stored, outlet: Outlet) {
    this.#stored = stored;
    this.#outlet = outlet;
  }

  /** Throws `vaults-unusable`. */
  get profile(): Profile {
    if (this.#stored.profile !== null) return this.#stored.profile;
    throw new WebUsageFault('vaults-unusable', `vaults cannot be kept here: ${this.#stored.reason}`);
  }

  /** Throws `locked`. */
  get open(): HeldAccount {
    if (this.#open !== null) return this.#open;
    throw new KeyboxPolicyFault('locked', 'no account is open');
  }

  async state(): Promise<VaultState> {
    const { profile, reason } = this.#stored;
    const open = this.#open;
    if (open === null && profile === null) return { kind: 'unusable', reason };
    const accounts = await this.#listed();
    const locked: VaultState = { kind: 'locked', accounts, isNew: profile?.isNew === true };
    if (open === null) return locked;
    const { address, temporary, isGone } = open;
    try {
      return { kind: 'open', address, accounts, temporary, isGone, connection: await open.connection() };
    } catch (cause) {
      if (open.isClosed) return locked;
      if (isGone || !(await this.#isGone(open))) throw cause;
      return this.state();
    }
  }

  /** Holds an account that was opened, in the place of the one before. */
  async take(
    session: OpenSession,
    place: { readonly storage: VaultStorage; readonly temporary: boolean },
  ): Promise<void> {
    await this.#close();
    const held = new HeldAccount({ session, ...place, notice: () => this.#notice() });
    this.#open = held;
    this.#lastUse = this.platform.clock.now();
    if (!place.temporary) await this.profile.setCurrent(held.address);
    this.#accounts = null;
    this.#handOn();
    // One that is locked meanwhile is tidied up the next time.
    void forgetBrokenReads(held.box).catch(() => undefined);
    void this.#lockWhenIdle(held);
    if (!place.temporary) void this.#watchStorage(held);
    await this.#tellState();
  }

  /** Wipes the keys; an account that is nowhere stored is gone. */
  async lock(): Promise<void> {
    await this.#close();
    this.#accounts = null;
    await this.#tellState();
  }

  /** Goes on with what was open in another worker, if that can be. */
  async goOn({ address, vaultSecret }: Inheritance): Promise<void> {
    using secret = new Secret(vaultSecret);
    vaultSecret.fill(0);
    try {
      const { reopenAccount } = await import('./parts/reopen.ts');
      const storage = this.profile.storage(address);
      await this.take(await reopenAccount(this.platform, storage, secret), { storage, temporary: false });
    } catch (cause) {
      // What keeps it from being opened shows when its owner unlocks it.
      console.warn('the account that was open is locked now', cause);
    }
  }

  /** Null where nothing is open, or only what no other worker could open. */
  inheritance(): Inheritance | null {
    return this.#open === null || this.#open.temporary ? null : this.#open.inheritance();
  }

  /** A call of a page has ended. */
  done(kind: MethodKind): void {
    if (kind !== 'call') return;
    this.#lastUse = this.platform.clock.now();
    this.#notice();
  }

  tell(event: VaultEvent): void {
    this.#outlet.tell(event);
  }

  #listed(): Promise<readonly AccountSummary[]> {
    const listed = this.#accounts ?? this.#stored.profile?.accounts() ?? Promise.resolve([]);
    this.#accounts = listed;
    listed.catch(() => {
      this.#accounts = null;
    });
    return listed;
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = null;
    if (open === null) return;
    this.#outlet.disinherit();
    await open.close();
  }

  #handOn(): void {
    if (this.#open?.hasNewSecret() === true && !this.#open.temporary) this.#outlet.handOn();
  }

  /** Has all tabs told, soon: once for what comes together. */
  #notice(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    const pause = this.#lastTold + PAUSE_MILLISECONDS - this.platform.clock.now();
    void this.platform.clock.sleep(Math.min(Math.max(0, pause), PAUSE_MILLISECONDS)).then(() => this.#tellState());
  }

  /** Tells all tabs how things stand now; one after the other, so that the newest comes last. */
  #tellState(): Promise<void> {
    const before = this.#telling.catch(() => undefined);
    this.#telling = before.then(async () => {
      this.#isDue = false;
      this.#lastTold = this.platform.clock.now();
      this.#handOn();
      // Before what takes a little longer: somebody may wait for what has come.
      const open = this.#open;
      if (open !== null) this.tell({ kind: 'changed' });
      const state = await this.state();
      const text = JSON.stringify(state);
      if (text !== this.#told) this.tell({ kind: 'state', state });
      this.#told = text;
      if (open === null) this.tell({ kind: 'changed' });
    });
    return this.#telling;
  }

  /** Browsers short of space, cleaning programs, and servers that ask for it have all of a page's storage deleted. */
  async #watchStorage(held: HeldAccount): Promise<void> {
    while (this.#open === held) {
      if (await this.#isGone(held)) return this.#notice();
      await this.platform.clock.sleep(CHECK_MILLISECONDS);
    }
  }

  /** A look that the browser refuses tells nothing. */
  async #isGone(held: HeldAccount): Promise<boolean> {
    held.isGone ||= !held.temporary && !(await this.profile.isKept(held.address).catch(() => true));
    return held.isGone;
  }

  /** What the organisation's rules ask for. */
  async #lockWhenIdle(held: HeldAccount): Promise<void> {
    while (this.#open === held) {
      const minutes = await held.box.policy.inForce().then(
        ({ autoLockMinutes }) => autoLockMinutes,
        () => null,
      );
      const idle = this.platform.clock.now() - this.#lastUse;
      if (minutes !== null && idle > minutes * 60_000 && this.#open === held) return this.lock();
      await this.platform.clock.sleep(CHECK_MILLISECONDS);
    }
  }
}

const PAUSE_MILLISECONDS = 50;
const CHECK_MILLISECONDS = 10_000;
