import { type Clock, KeyboxPolicyFault, KeyboxUsageFault, lockAccount, type Platform } from '@sotto/keybox';
import type { Profile } from '@sotto/keybox-node';
import { type Address, parseAddress } from '@sotto/protocol';
import type { AgentInterface, AgentStatus, UnlockRequest } from './agent-interface.ts';
import type { Call } from './conversation.ts';
import { AgentUsageFault } from './fault.ts';
import { type AccountStatus, HeldAccount } from './held-account.ts';
import type { AgentLog } from './log.ts';

export interface AgentOptions {
  readonly profile: Profile;
  readonly platform: Platform;
  readonly log: AgentLog;
  /** Minutes without a command after which everything is locked; null for never. */
  readonly autoLockMinutes: number | null;
  /** Ends the program. */
  readonly onStop: () => void;
}

/** Holds accounts open, and answers for them. */
export class Agent implements AgentInterface {
  readonly #options: AgentOptions;
  readonly #held = new Map<Address, HeldAccount>();
  readonly #unlocking = new Map<Address, Promise<HeldAccount>>();
  readonly #stopped = new AbortController();
  #lastUse: number;
  /** Commands under way, but for those that only watch. */
  #busy = 0;

  constructor(options: AgentOptions) {
    this.#options = options;
    this.#lastUse = this.#clock.now();
    void this.#lockWhenIdle();
  }

  /** Does what a client asked for. Throws `agent-method-unknown`, `locked`, and what the work itself throws. */
  async call({ account, area, method, input }: Call): Promise<unknown> {
    const isUse = area !== 'agent' && !(area === 'upkeep' && method === 'watch');
    if (isUse) this.#busy += 1;
    try {
      return account === null
        ? await this.#own(area, method, input)
        : await this.#account(account).call(area, method, input);
    } finally {
      if (isUse) this.#busy -= 1;
      if (isUse) this.#lastUse = this.#clock.now();
    }
  }

  /** Throws `no-account`, `address-malformed`. */
  async find(name: string | null): Promise<{ readonly address: Address; readonly locked: boolean }> {
    const { profile } = this.#options;
    const address = name === null ? (profile.current() ?? soleOf(profile)) : parseAddress(name);
    if (address === null) throw new KeyboxUsageFault('no-account', `there is no account in ${profile.directory}`);
    return { address, locked: !this.#held.has(address) };
  }

  /** Throws what unlocking throws. */
  async unlock({ address, passphrase, vaultPassphrase }: UnlockRequest): Promise<void> {
    const { profile, platform, log } = this.#options;
    if (this.#held.has(address)) await this.lock(address);
    await this.#unlocking.get(address)?.catch(() => null);
    const unlocking = HeldAccount.unlock({ profile, platform }, address, { passphrase, vaultPassphrase });
    this.#unlocking.set(address, unlocking);
    try {
      this.#held.set(address, await unlocking);
      this.#lastUse = this.#clock.now();
      log.write(`unlocked ${address}`);
    } finally {
      this.#unlocking.delete(address);
    }
  }

  async lock(address: Address | null): Promise<readonly Address[]> {
    const accounts = [...this.#held.values()].filter((held) => address === null || held.address === address);
    for (const held of accounts) {
      this.#held.delete(held.address);
      await held.close();
      this.#options.log.write(`locked ${held.address}`);
    }
    return accounts.map((held) => held.address);
  }

  /** Locks the account and deletes what opens it without the server. */
  async forget(address: Address): Promise<void> {
    await this.lock(address);
    const { profile } = this.#options;
    using _ = await profile.lock(address);
    await lockAccount(profile.storage(address));
  }

  async status(): Promise<AgentStatus> {
    const accounts: AccountStatus[] = [];
    for (const address of this.#options.profile.accounts()) {
      const held = this.#held.get(address);
      accounts.push(
        (await held?.status()) ?? { address, locked: true, connected: false, unsent: null, lastSync: null },
      );
    }
    return { pid: process.pid, accounts, autoLockMinutes: this.#options.autoLockMinutes };
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    await this.lock(null);
    this.#options.onStop();
  }

  #own(area: string, method: string, input: readonly unknown[]): Promise<unknown> {
    if (area !== 'agent' || !Object.hasOwn(ownMethods, method)) {
      throw new AgentUsageFault('agent-method-unknown', `the agent has no ${area}.${method}`);
    }
    return ownMethods[method as keyof AgentInterface](this, input[0]);
  }

  #account(address: string): HeldAccount {
    const held = this.#held.get(address as Address);
    if (held === undefined) throw new KeyboxPolicyFault('locked', `${address} is locked`);
    return held;
  }

  async #lockWhenIdle(): Promise<void> {
    const { signal } = this.#stopped;
    while (!signal.aborted) {
      const left = this.#lastUse + (await this.#idleMilliseconds()) - this.#clock.now();
      if (left <= 0 && this.#busy === 0) {
        await this.lock(null);
        this.#lastUse = this.#clock.now();
      }
      // By the wall clock, in small steps: a machine that slept has been idle, too, and a policy may come any time.
      await this.#clock.sleep(Math.min(Math.max(left, 100), CHECK_MILLISECONDS), signal);
    }
  }

  /** The shorter of what the user wants and what the policies of the held accounts allow. */
  async #idleMilliseconds(): Promise<number> {
    const limits = [this.#options.autoLockMinutes];
    for (const held of this.#held.values()) limits.push(await held.idleMinutes());
    return Math.min(...limits.map((minutes) => (minutes === null ? Number.POSITIVE_INFINITY : minutes * 60_000)));
  }

  get #clock(): Clock {
    return this.#options.platform.clock;
  }
}

function soleOf(profile: Profile): Address | null {
  const [first, ...others] = profile.accounts();
  return first === undefined || others.length > 0 ? null : first;
}

/** What clients may ask of the agent itself. */
const ownMethods: {
  readonly [Name in keyof AgentInterface]: (agent: Agent, input: unknown) => ReturnType<AgentInterface[Name]>;
} = {
  find: (agent, name) => agent.find(name as string | null),
  unlock: (agent, request) => agent.unlock(request as UnlockRequest),
  lock: (agent, address) => agent.lock(address as Address | null),
  forget: (agent, address) => agent.forget(address as Address),
  status: (agent) => agent.status(),
  stop: (agent) => agent.stop(),
};

const CHECK_MILLISECONDS = 10_000;
