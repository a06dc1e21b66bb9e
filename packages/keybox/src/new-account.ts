import type { Address, DeviceName } from '@sotto/protocol';
import type { VaultMode } from './account-file.ts';
import type { Platform, Progress, VaultStorage } from './ports.ts';

export interface NewAccount {
  /** See `resolveAddress`. */
  readonly address: Address;
  readonly invitation: string;
  readonly suite: string;
  readonly roaming: boolean;
  readonly vault: VaultMode;
  readonly deviceName: DeviceName;
  readonly passphrase: string;
  /** Required for an `advanced` vault. */
  readonly vaultPassphrase?: string | undefined;
  readonly progress?: Progress | undefined;
}

/** What the steps of a sign-up work with. */
export interface SignUpContext {
  readonly platform: Platform;
  readonly storage: VaultStorage;
  readonly options: NewAccount;
}
