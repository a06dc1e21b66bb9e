import type { Secret } from '@sotto/crypto';
import { readAccountFile } from './account-file.ts';
import { KeyboxPeerFault, KeyboxPolicyFault } from './fault.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { policyInForce } from './policy/in-force.ts';
import type { Platform, VaultStorage } from './ports.ts';
import { checkModules } from './unlock.ts';
import { openVault, type Vault } from './vault.ts';

/**
 * Opens the vault again with what `OpenSession.vaultSecret` gave: for a program that goes on where another one ended
 * without having been locked. Asks nobody. Throws `no-account`, `locked` if the secret opens this vault no more,
 * `vault-damaged`, `vault-rolled-back`, `device-revoked`, `policy-forbids`.
 */
export async function reopenAccount(
  platform: Platform,
  storage: VaultStorage,
  vaultSecret: Secret,
): Promise<OpenSession> {
  const account = await readAccountFile(storage);
  const vault = await openWith(platform, storage, vaultSecret);
  try {
    checkModules(platform, await policyInForce(vault.parts));
  } catch (cause) {
    await vault.close();
    throw cause;
  }
  return openSession(platform, storage, { account, vault, renewal: null });
}

/** The keystore does not tell a secret that was replaced from damage: unlocking by passphrase will. */
async function openWith(platform: Platform, storage: VaultStorage, vaultSecret: Secret): Promise<Vault> {
  try {
    return await openVault(platform, storage, vaultSecret);
  } catch (cause) {
    if (!(cause instanceof KeyboxPeerFault) || cause.code !== 'vault-damaged') throw cause;
    throw new KeyboxPolicyFault('locked', 'what opened this vault opens it no more: unlock it', { cause });
  }
}
