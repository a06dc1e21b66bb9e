import { vaultTools } from '@sotto/agent';
import { AgentUsageFault, connectAgent } from '@sotto/agent/client';
import { Fault } from '@sotto/bytes';
import { KeyBox, type OpenSession, type Platform, unlockAccount, type VaultStorage } from '@sotto/keybox';
import { nodePlatform, openProfile, type Profile } from '@sotto/keybox-node';
import type { Address } from '@sotto/protocol';
import type { OpenAccount } from './account.ts';
import { chosenAccount } from './chosen-account.ts';
import type { Run } from './command.ts';
import { watchDirectly } from './direct-watch.ts';
import { askSecrets } from './passphrases.ts';
import { profileDirectory, suiteModules } from './profile.ts';

/** Unlocks the account in this process. Nobody keeps it locked while a person types. */
export async function openDirectly(run: Run): Promise<OpenAccount> {
  const { common, world } = run;
  const profile = openProfile(profileDirectory(world.env));
  const address = chosenAccount(run, profile);
  const storage = profile.storage(address);
  const secrets = await askSecrets(run);
  const lock = new AccountLock(profile, address);
  await lock.take();
  try {
    const platform = await nodePlatform({ suiteModules: suiteModules(common, world.env) });
    return account({ session: await unlockAccount(platform, storage, secrets), platform, storage, lock });
  } catch (cause) {
    lock.release();
    throw cause;
  }
}

/** The lock of an account, which its holder may lend to others now and then. */
export class AccountLock {
  readonly #profile: Profile;
  readonly #address: Address;
  #held: Disposable | null = null;

  constructor(profile: Profile, address: Address) {
    this.#profile = profile;
    this.#address = address;
  }

  /** Throws `vault-busy`, or `vault-in-use` if it is the agent that holds it. */
  async take(): Promise<void> {
    try {
      this.#held ??= await this.#profile.lock(this.#address);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.code !== 'vault-busy') throw cause;
      const agent = await connectAgent(this.#profile.directory);
      if (agent === null) throw cause;
      agent.close();
      const message = `the agent (process ${agent.pid}) holds ${this.#address}`;
      throw new AgentUsageFault('vault-in-use', message, { cause });
    }
  }

  release(): void {
    this.#held?.[Symbol.dispose]();
    this.#held = null;
  }
}

export interface Opened {
  readonly session: OpenSession;
  readonly platform: Platform;
  readonly storage: VaultStorage;
  readonly lock: AccountLock;
}

function account(opened: Opened): OpenAccount {
  const { session, lock } = opened;
  const box = new KeyBox(session);
  return {
    address: box.address,
    box,
    tools: vaultTools({ ...opened, aside: (work) => unlocked(lock, work) }),
    async freshen(server) {
      try {
        const { online, faults, fault } = await box.sync({ archive: 'newest' });
        // Each command brings a little more of what is old.
        const more = online ? await box.archive.fetch({ signal: AbortSignal.timeout(ARCHIVE_MILLISECONDS) }) : null;
        return { online, faults: [...faults, ...(more?.faults ?? [])], refused: fault ?? null };
      } catch (cause) {
        if (server === 'needed' || !(cause instanceof Fault)) throw cause;
        return { online: false, faults: [], refused: cause };
      }
    },
    watch: (signal) => watchDirectly(opened, signal),
    async close() {
      try {
        await session.close();
      } finally {
        lock.release();
      }
    },
  };
}

/** Lets other commands use the account while something takes long that does not disturb them. */
async function unlocked<Result>(lock: AccountLock, work: () => Promise<Result>): Promise<Result> {
  lock.release();
  try {
    return await work();
  } finally {
    await lock.take();
  }
}

/** How long a command goes on fetching what nobody asked for yet. */
const ARCHIVE_MILLISECONDS = 1000;
