import {
  checkVault,
  exportKeyFile,
  type Platform,
  type Session,
  type VaultCheckView,
  type VaultStorage,
} from '@sotto/keybox';

/** What is done with the vault itself, beside the words of the box. */
export interface VaultTools {
  checkVault(): Promise<VaultCheckView>;
  /** PKCS#12 under a passphrase of the person's choice. */
  exportKeyFile(passphrase: string): Promise<Uint8Array>;
}

export interface OpenedVault {
  readonly session: Session;
  readonly platform: Platform;
  readonly storage: VaultStorage;
}

export function vaultTools({ session, platform, storage }: OpenedVault): VaultTools {
  return {
    checkVault: () => checkVault(platform, storage, session),
    exportKeyFile: (passphrase) => exportKeyFile(session, passphrase),
  };
}
