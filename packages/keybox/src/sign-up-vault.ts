import { equal } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import { createVault } from './enrolment.ts';
import { KeyboxPolicyFault } from './fault.ts';
import { type Keystore, parseKeystore } from './keystore.ts';
import type { SignUpContext } from './new-account.ts';
import { unwrapVaultSecret } from './passphrase-wrap.ts';
import type { VaultStorage } from './ports.ts';
import { releaseVaultSecrets } from './sign-in.ts';
import type { EnteredSignUp } from './sign-up-entry.ts';
import { openVault, type Vault } from './vault.ts';

/** From the server in normal mode; in advanced mode from the keystore if there is one, else new. */
export async function signUpVaultSecret(
  { platform, storage, options }: SignUpContext,
  { signUp, signedIn, state }: EnteredSignUp,
): Promise<Secret> {
  const { vaultId, vaultMode } = signUp;
  if (vaultMode === 'normal') {
    const [{ vaultSecret }] = await releaseVaultSecrets(platform, signedIn.channel, { bundle: state.bundle, vaultId });
    return vaultSecret;
  }
  const local = (await keystoreOf(storage, vaultId))?.local ?? null;
  if (local === null) return new Secret(platform.primitives.randomBytes(32));
  const binding = { label: 'sotto/vault/advanced/v1', vaultId, expiresAt: null } as const;
  const vaultSecret = await unwrapVaultSecret(platform, options.vaultPassphrase ?? '', { binding, wrap: local });
  if (vaultSecret !== null) return vaultSecret;
  throw new KeyboxPolicyFault('wrong-passphrase', 'not the vault passphrase that this sign-up was begun with');
}

/** Opens the vault of this sign-up, or makes it in the place of what was left behind. */
export async function openSignUpVault(
  { platform, storage, options }: SignUpContext,
  { signUp, cluster }: EnteredSignUp,
  vaultSecret: Secret,
): Promise<Vault> {
  if ((await keystoreOf(storage, signUp.vaultId)) !== null) return openVault(platform, storage, vaultSecret);
  await storage.remove('keystore');
  return createVault(platform, storage, {
    signUp,
    vaultSecret,
    caFingerprint: cluster.caFingerprint,
    vaultPassphrase: signUp.vaultMode === 'advanced' ? (options.vaultPassphrase ?? '') : null,
  });
}

/** Null also for the keystore of a sign-up that was given up. */
async function keystoreOf(storage: VaultStorage, vaultId: Uint8Array): Promise<Keystore | null> {
  const content = await storage.read('keystore');
  if (content === null) return null;
  const file = parseKeystore(content);
  return equal(file.vaultId, vaultId) ? file : null;
}
