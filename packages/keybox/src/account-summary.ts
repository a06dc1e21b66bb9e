import type { Address, DeviceName } from '@sotto/protocol';
import { readAccountFile, type VaultMode } from './account-file.ts';
import type { VaultStorage } from './ports.ts';

/** What is known of an account without opening its vault. */
export interface AccountSummary {
  readonly address: Address;
  readonly server: string;
  readonly device: DeviceName;
  readonly vault: VaultMode;
}

/** Throws `no-account`, `vault-damaged`. */
export async function summarizeAccount(storage: VaultStorage): Promise<AccountSummary> {
  const { address, origin, deviceName, vaultMode } = await readAccountFile(storage);
  return { address, server: origin, device: deviceName, vault: vaultMode };
}
