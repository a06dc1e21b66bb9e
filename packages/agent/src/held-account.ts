import {
  KeyBox,
  KeyboxPolicyFault,
  type OpenSession,
  type Platform,
  type UnlockInput,
  Upkeep,
  unlockAccount,
} from '@sotto/keybox';
import type { Profile } from '@sotto/keybox-node';
import type { Address } from '@sotto/protocol';
import { AgentUsageFault } from './fault.ts';
import { type AreaName, areaMethodKind } from './method-table.ts';
import { type VaultTools, vaultTools } from './vault-tools.ts';

/** What `agent status` says of an account. */
export interface AccountStatus {
  readonly address: Address;
  readonly locked: boolean;
  readonly connected: boolean;
  /** How much waits in the outbox; null while locked. */
  readonly unsent: number | null;
  /** Milliseconds since the epoch. */
  readonly lastSync: number | null;
}

/** An account that the agent holds open: its lock, its keys, its connection. */
export class HeldAccount {
  readonly address: Address;
  readonly #lock: Disposable;
  readonly #session: OpenSession;
  readonly #box: KeyBox;
  readonly #tools: VaultTools;
  readonly #upkeep: Upkeep;
  #isClosed = false;

  private constructor(address: Address, opened: Opened) {
    this.address = address;
    this.#lock = opened.lock;
    this.#session = opened.session;
    this.#box = new KeyBox(opened.session);
    this.#tools = vaultTools(opened);
    this.#upkeep = new Upkeep(this.#box, opened.session);
  }

  /** What the organisation's policy allows without use; null for as long as wanted. */
  async idleMinutes(): Promise<number | null> {
    try {
      return (await this.#box.policy.inForce()).autoLockMinutes;
    } catch (cause) {
      // Locked meanwhile by somebody else.
      if (this.#isClosed) return null;
      throw cause;
    }
  }

  /** Throws what unlocking throws, and `vault-busy` while another program works on the account. */
  static async unlock({ profile, platform }: Holder, address: Address, input: UnlockInput): Promise<HeldAccount> {
    const storage = profile.storage(address);
    const lock = await profile.lock(address);
    try {
      const session = await unlockAccount(platform, storage, input);
      return new HeldAccount(address, { lock, session, platform, storage });
    } catch (cause) {
      lock[Symbol.dispose]();
      throw cause;
    }
  }

  /** Throws `agent-method-unknown` for what is not in the table, `locked` if the account was locked meanwhile. */
  async call(area: string, method: string, input: readonly unknown[]): Promise<unknown> {
    const kind = areaMethodKind(area, method);
    if (kind === null || kind === 'inside') {
      throw new AgentUsageFault('agent-method-unknown', `the agent has no ${area}.${method}`);
    }
    const target = this.#area(area as AreaName) as Record<string, (...input: readonly unknown[]) => unknown>;
    try {
      return await target[method]?.(...input);
    } catch (cause) {
      if (this.#isClosed) throw new KeyboxPolicyFault('locked', 'the account was locked', { cause });
      throw cause;
    } finally {
      if (!this.#isClosed) this.#upkeep.notice();
    }
  }

  async status(): Promise<AccountStatus> {
    const unsent = (await this.#box.listOutbox()).length;
    return { address: this.address, locked: false, unsent, ...this.#upkeep.status() };
  }

  /** Ends the connection, wipes the keys, closes the vault, and lets other programs have it. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    try {
      await this.#upkeep.close();
      await this.#session.close();
    } finally {
      this.#lock[Symbol.dispose]();
    }
  }

  #area(name: AreaName): object {
    if (name === 'box') return this.#box;
    if (name === 'tools') return this.#tools;
    return name === 'upkeep' ? this.#upkeep : this.#box[name];
  }
}

/** What the agent opens accounts with. */
export interface Holder {
  readonly profile: Profile;
  readonly platform: Platform;
}

interface Opened {
  readonly lock: Disposable;
  readonly session: OpenSession;
  readonly platform: Platform;
  readonly storage: ReturnType<Profile['storage']>;
}
