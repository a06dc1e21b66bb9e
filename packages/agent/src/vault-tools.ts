import {
  checkVault,
  exportKeyFile,
  type Platform,
  type Session,
  type VaultCheckView,
  type VaultStorage,
} from '@sotto/keybox';
import { type Aside, type FileTransfers, fileTransfers } from './file-transfers.ts';

/** What is done with the vault itself, beside the words of the box. */
export interface VaultTools extends FileTransfers {
  checkVault(): Promise<VaultCheckView>;
  /** PKCS#12 under a passphrase of the person's choice. */
  exportKeyFile(passphrase: string): Promise<Uint8Array>;
}

export interface OpenedVault {
  readonly session: Session;
  readonly platform: Platform;
  readonly storage: VaultStorage;
  /** By default nobody else waits. */
  readonly aside?: Aside;
}

export function vaultTools({ session, platform, storage, aside = (work) => work() }: OpenedVault): VaultTools {
  return {
    checkVault: () => checkVault(platform, storage, session),
    exportKeyFile: (passphrase) => exportKeyFile(session, passphrase),
    ...fileTransfers(session, aside),
  };
}
