import { Secret, sha256 } from '@sotto/crypto';
import type { AccountFile } from './account-file.ts';
import { keyLogEntry } from './key-log.ts';
import { keystore, parseKeystore, rewrapKeystore } from './keystore.ts';
import { writeOfflineWrap } from './offline-wrap.ts';
import type { Platform, VaultStorage } from './ports.ts';
import type { Session } from './session.ts';
import { sealVaultBlob } from './sign-in.ts';

/** What replaces a vault secret that was kept under an unlock key of before. */
export interface VaultRenewal {
  /** The account's unlock key as it is now. */
  readonly unlockKey: Uint8Array;
  readonly passphrase: string;
  /** The secret that opens the keystore now. */
  readonly vaultSecret: Secret;
}

interface RenewalInput {
  readonly session: Session;
  readonly account: AccountFile;
  readonly renewal: VaultRenewal;
}

/**
 * Gives the vault a new secret after a change of passphrase: the server keeps both until the keystore is under the new
 * one, so that a crash in between loses neither. From then on the old passphrase opens nothing of this vault.
 */
export async function renewVaultSecret(
  platform: Platform,
  storage: VaultStorage,
  { session, account, renewal }: RenewalInput,
): Promise<void> {
  const { primitives } = platform;
  const { vaultId } = account;
  const { unlockKey, passphrase, vaultSecret: from } = renewal;
  const content = await storage.read('keystore');
  if (content === null) return;
  using to = new Secret(primitives.randomBytes(32));
  const blob = await sealVaultBlob(primitives, to, { unlockKey, vaultId });
  await session.link.call('vaults.store', { id: vaultId, blob, exemption: sha256(account.exemption) });
  await storage.remove('offline');
  const next = await rewrapKeystore(platform, parseKeystore(content), { from, to });
  await storage.replace('keystore', keystore.encode(next));
  await session.link.call('vaults.confirm', { id: vaultId, blob: sha256(blob) });
  await writeOfflineWrap(platform, storage, { passphrase, vaultId, vaultSecret: to });
}

/** The same, where a failure is told in the key log: the next unlocking tries again. */
export async function tryVaultRenewal(platform: Platform, storage: VaultStorage, input: RenewalInput): Promise<void> {
  const { keys, clock } = input.session;
  try {
    await renewVaultSecret(platform, storage, input);
    const text = 'the vault has a new secret under the new passphrase';
    await keys.apply([keyLogEntry(clock, { event: 'passphrase', text })]);
  } catch (cause) {
    const text = 'the vault could not be put under the new passphrase yet';
    await keys.apply([keyLogEntry(clock, { event: 'passphrase', text, cause })]);
  }
}
