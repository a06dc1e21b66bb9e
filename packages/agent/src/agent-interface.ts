import type { Address } from '@sotto/protocol';
import type { AccountStatus } from './held-account.ts';

/** What clients ask of the agent itself. */
export interface AgentInterface {
  /** The account of that name, else the one that commands mean, and whether it is locked. */
  find(name: string | null): Promise<{ readonly address: Address; readonly locked: boolean }>;
  unlock(request: UnlockRequest): Promise<void>;
  /** Null locks all; resolves with those that were open. */
  lock(address: Address | null): Promise<readonly Address[]>;
  /** Locks, and deletes what opens the account without its server. */
  forget(address: Address): Promise<void>;
  status(): Promise<AgentStatus>;
  stop(): Promise<void>;
}

export interface UnlockRequest {
  readonly address: Address;
  readonly passphrase: string;
  readonly vaultPassphrase?: string | undefined;
}

export interface AgentStatus {
  readonly pid: number;
  readonly accounts: readonly AccountStatus[];
  readonly autoLockMinutes: number | null;
}
