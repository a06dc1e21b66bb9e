import { Secret, sha256 } from '@sotto/crypto';
import type { AccountFile } from './account-file.ts';
import { keystore, parseKeystore, rewrapKeystore } from './keystore.ts';
import { writeOfflineWrap } from './offline-wrap.ts';
import type { Platform, VaultStorage } from './ports.ts';
import { encodeRevocationNotice } from './revocation-notice.ts';
import type { Link, VaultCare } from './session.ts';
import { sealVaultBlob } from './sign-in.ts';
import type { Vault } from './vault.ts';

export interface VaultCareInput {
  readonly account: AccountFile;
  readonly vault: Vault;
  readonly link: Link;
}

/** The care of one open vault. */
export function vaultCare(platform: Platform, storage: VaultStorage, input: VaultCareInput): VaultCare {
  const { account } = input;
  return {
    forgetOfflineWrap: () => forgetWraps(storage),
    renew: (renewal) =>
      account.vaultMode === 'advanced' ? Promise.resolve() : renew(platform, storage, { ...input, ...renewal }),
    async erase() {
      const { address, deviceName } = account;
      await storage.erase(encodeRevocationNotice({ v: 1, address, deviceName, at: platform.clock.now() }));
    },
  };
}

/**
 * Gives the vault a new secret after a change of passphrase: the server keeps both until the keystore is under the new
 * one, so that a crash in between loses neither. From then on the old passphrase opens nothing of this vault.
 */
async function renew(
  platform: Platform,
  storage: VaultStorage,
  {
    account,
    vault,
    link,
    unlockKey,
    passphrase,
  }: VaultCareInput & { readonly unlockKey: Uint8Array; readonly passphrase: string },
): Promise<void> {
  const { primitives } = platform;
  const { vaultId } = account;
  const content = await storage.read('keystore');
  if (content === null) return;
  using vaultSecret = new Secret(primitives.randomBytes(32));
  const blob = await sealVaultBlob(primitives, vaultSecret, { unlockKey, vaultId });
  await link.call('vaults.store', { id: vaultId, blob, exemption: sha256(account.exemption) });
  await forgetWraps(storage);
  const next = await rewrapKeystore(platform, parseKeystore(content), { keys: vault.keys, vaultSecret });
  await storage.replace('keystore', keystore.encode(next));
  vault.renewed(vaultSecret);
  await link.call('vaults.confirm', { id: vaultId, blob: sha256(blob) });
  await writeOfflineWrap(platform, storage, { passphrase, vaultId, vaultSecret });
}

/** Passphrase and passkeys alike: each of them holds the vault secret that goes. */
async function forgetWraps(storage: VaultStorage): Promise<void> {
  await storage.remove('offline');
  await storage.remove('passkeys');
}
