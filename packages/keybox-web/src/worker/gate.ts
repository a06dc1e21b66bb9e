import { hex, parseHex } from '@sotto/bytes';
import {
  discoverCluster,
  KeyboxPeerFault,
  KeyboxUsageFault,
  type OpenKit,
  type OpenSession,
  type PasskeyView,
  type Platform,
  type UnfinishedAccount,
  type VaultStorage,
} from '@sotto/keybox';
import { type Address, ProtocolPolicyFault, parseInvitation, parseRecoveryKey } from '@sotto/protocol';
import { WebUsageFault } from '../fault.ts';
import { MemoryStorage } from '../storage/memory-storage.ts';
import type { Gate, InvitationView, ServerView, StorageView, TaskId, VaultState } from '../vault.ts';
import type { HeldVaults } from './held-vaults.ts';
import { portablePrimitives } from './portable-primitives.ts';
import { stoppable, type Tasks } from './tasks.ts';

type Input<Name extends keyof Gate> = Parameters<Gate[Name]>[0];

interface Entry {
  readonly task: TaskId;
  readonly storage: VaultStorage;
  readonly temporary: boolean;
}

/** The ways into an account and out of it. */
export class WebGate implements Gate {
  readonly #vaults: HeldVaults;
  readonly #tasks: Tasks;
  #kit: OpenKit | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(vaults: HeldVaults, tasks: Tasks) {
    this.#vaults = vaults;
    this.#tasks = tasks;
  }

  state(): Promise<VaultState> {
    return this.#vaults.state();
  }

  async server(): Promise<ServerView> {
    const place = { origin: location.origin, caFingerprint: null };
    const { domain, caFingerprint } = await discoverCluster(this.#vaults.platform, place);
    return { domain, caFingerprint: hex(caFingerprint) };
  }

  unfinished(): Promise<readonly UnfinishedAccount[]> {
    return this.#vaults.profile.unfinished();
  }

  async invitation(link: string): Promise<InvitationView> {
    const { origin, code, caFingerprint } = parseInvitation(link);
    const response = await fetch(new URL(`/v1/invitations/${code}`, origin), FETCH).catch((cause: unknown) => {
      if (origin !== location.origin) throw otherServer(origin);
      throw new KeyboxUsageFault('unreachable', 'the home server cannot be reached: try again later', { cause });
    });
    const answer = (await response.json()) as InvitationAnswer;
    if (!response.ok) throw refusedInvitation(answer.code);
    if (answer.caFingerprint !== hex(caFingerprint)) {
      throw new KeyboxPeerFault('certificate-mismatch', 'the server is not the one that the invitation names');
    }
    const { domain, state } = answer;
    const expiresAt = Date.parse(answer.expiresAt);
    return { server: origin, domain, caFingerprint: answer.caFingerprint, state, expiresAt };
  }

  signUp({ task, ...account }: Input<'signUp'>): Promise<void> {
    const storage = this.#vaults.profile.storage(account.address);
    return this.#enter({ task, storage, temporary: false }, async (platform) => {
      const { createAccount } = await import('./parts/sign-up.ts');
      return await createAccount(platform, storage, { ...account, progress: this.#steps(task) });
    });
  }

  signIn({ task, temporary, recoveryKey, ...device }: Input<'signIn'>): Promise<void> {
    const storage = this.#storage(device.address, temporary);
    return this.#enter({ task, storage, temporary }, async (platform) => {
      const { signInAccount } = await import('./parts/sign-in.ts');
      using key = recoveryKey === undefined ? undefined : parseRecoveryKey(recoveryKey);
      return await signInAccount(platform, storage, { ...device, recoveryKey: key, progress: this.#steps(task) });
    });
  }

  link({ task, temporary, ...device }: Input<'link'>): Promise<void> {
    const storage = this.#storage(device.address, temporary);
    const show = (code: { readonly code: string; readonly expiresAt: number }): void =>
      this.#vaults.tell({ kind: 'link-code', task, ...code });
    return this.#enter({ task, storage, temporary }, async (platform) => {
      const { linkAccount } = await import('./parts/link.ts');
      return await linkAccount(platform, storage, { ...device, show, progress: this.#steps(task) });
    });
  }

  async openKit({ server, ca, key }: Input<'openKit'>): Promise<Address> {
    using recoveryKey = parseRecoveryKey(key);
    const { openRecoveryKit } = await import('./parts/recovery.ts');
    const place = { server, caFingerprint: ca === null ? null : parseHex(ca), recoveryKey };
    this.#kit = await openRecoveryKit(this.#vaults.platform, place);
    return this.#kit.address;
  }

  async recover({ task, ...device }: Input<'recover'>): Promise<void> {
    const kit = this.#kit;
    if (kit === null) throw new KeyboxUsageFault('not-found', 'no recovery kit is open: open it first');
    const storage = this.#vaults.profile.storage(kit.address);
    await this.#enter({ task, storage, temporary: false }, async (platform) => {
      const { recoverAccount } = await import('./parts/recovery.ts');
      return await recoverAccount(platform, storage, { ...device, kit, progress: this.#steps(task) });
    });
    this.#kit = null;
  }

  async unlock({ address, ...input }: Input<'unlock'>): Promise<void> {
    const { platform, profile } = this.#vaults;
    const storage = profile.storage(address);
    const { unlockAccount } = await import('./parts/unlock.ts');
    await this.#inTurn(async () => {
      await this.#vaults.lock();
      await this.#vaults.take(await unlockAccount(platform, storage, input), { storage, temporary: false });
    });
  }

  async passkeys(address: Address): Promise<readonly PasskeyView[]> {
    const { listPasskeys } = await import('./parts/passkeys.ts');
    return listPasskeys(this.#vaults.profile.storage(address));
  }

  async unlockByPasskey({ address, ...input }: Input<'unlockByPasskey'>): Promise<void> {
    const { platform, profile } = this.#vaults;
    const storage = profile.storage(address);
    const { unlockByPasskey } = await import('./parts/passkeys.ts');
    await this.#inTurn(async () => {
      await this.#vaults.lock();
      await this.#vaults.take(await unlockByPasskey(platform, storage, input), { storage, temporary: false });
    });
  }

  async lock(): Promise<void> {
    await this.#inTurn(() => this.#vaults.lock());
  }

  async forget(address: Address): Promise<void> {
    await this.#inTurn(async () => {
      const state = await this.#vaults.state();
      if (state.kind === 'open' && state.address === address) await this.#vaults.lock();
      await this.#vaults.profile.remove(address);
      await this.#vaults.lock();
    });
  }

  async cancel(task: TaskId): Promise<void> {
    this.#tasks.cancel(task);
  }

  async passphraseScore(passphrase: string, userInputs: readonly string[]): Promise<number> {
    const { passphraseScore } = await import('./parts/passphrases.ts');
    return passphraseScore(passphrase, userInputs);
  }

  async generatePassphrase(): Promise<string> {
    const { generatePassphrase } = await import('./parts/passphrases.ts');
    return generatePassphrase(this.#vaults.platform.primitives);
  }

  async storage(): Promise<StorageView> {
    const { usage = 0, quota = 0 } = await navigator.storage.estimate();
    const persisted = await navigator.storage.persisted();
    return { usedBytes: usage, quotaBytes: quota, persisted, portable: await portablePrimitives() };
  }

  /** Browsers let pages alone ask. */
  async persist(): Promise<boolean> {
    return navigator.storage.persisted();
  }

  #storage(address: Address, temporary: boolean): VaultStorage {
    return temporary ? new MemoryStorage() : this.#vaults.profile.storage(address);
  }

  #steps(task: TaskId): (step: string) => void {
    return (step) => this.#tasks.step(task, step);
  }

  #enter({ task, ...place }: Entry, open: (platform: Platform) => Promise<OpenSession>): Promise<void> {
    return this.#tasks.run(task, async (signal) => {
      const session = await open(stoppable(this.#vaults.platform, signal));
      await this.#inTurn(() => this.#vaults.take(session, place));
    });
  }

  #inTurn<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#turn.then(work, work);
    this.#turn = result;
    return result;
  }
}

function otherServer(origin: string): WebUsageFault {
  return new WebUsageFault('other-server', `this invitation is of another server: open it at ${origin}`);
}

function refusedInvitation(code: string | undefined): KeyboxUsageFault | ProtocolPolicyFault {
  if (code === 'invitation-unknown')
    return new ProtocolPolicyFault('invitation-unknown', 'the server does not know this invitation');
  return new KeyboxUsageFault('unreachable', 'the home server did not answer: try again later');
}

interface InvitationAnswer {
  readonly domain: string;
  readonly caFingerprint: string;
  readonly state: InvitationView['state'];
  readonly expiresAt: string;
  /** Of a refusal. */
  readonly code?: string;
}

const FETCH: RequestInit = { redirect: 'error', credentials: 'omit', cache: 'no-store', referrerPolicy: 'no-referrer' };
