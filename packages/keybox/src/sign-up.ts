import { Fault } from '@sotto/bytes';
import { repeatInterrupted } from './connection.ts';
import { KeyboxUsageFault } from './fault.ts';
import type { NewAccount, SignUpContext } from './new-account.ts';
import { type OpenSession, openSession } from './open-session.ts';
import { checkPassphrase } from './passphrase.ts';
import type { Platform, VaultStorage } from './ports.ts';
import { Publication } from './publication.ts';
import { type EnteredSignUp, enterSignUp, giveUpSignUp } from './sign-up-entry.ts';
import { openSignUpVault, signUpVaultSecret } from './sign-up-vault.ts';
import { unlockAccount } from './unlock.ts';

/**
 * Signs up, or goes on with a sign-up of this address that broke off: whatever was durable then is taken up, whatever
 * was not is made anew. Throws `account-exists`, `passphrase-too-weak`, `wrong-passphrase` (another than the one that
 * was registered), the refusals of invitations and names, and the faults of the connection.
 */
export async function createAccount(
  platform: Platform,
  storage: VaultStorage,
  options: NewAccount,
): Promise<OpenSession> {
  checkPassphrase(options.passphrase);
  if (options.vault === 'advanced') checkPassphrase(options.vaultPassphrase ?? '');
  if ((await storage.read('account')) !== null) return finishedBefore(platform, storage, options);
  const run = (): Promise<OpenSession> => repeatInterrupted(() => signUp({ platform, storage, options }));
  try {
    return await run();
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.code !== 'sign-up-expired') throw cause;
    return await run();
  }
}

/** The account file came last but for the removal of the sign-up file. */
async function finishedBefore(platform: Platform, storage: VaultStorage, options: NewAccount): Promise<OpenSession> {
  if ((await storage.read('sign-up')) === null) {
    throw new KeyboxUsageFault('account-exists', 'this account is here already');
  }
  const session = await unlockAccount(platform, storage, options);
  await storage.remove('sign-up');
  return session;
}

async function signUp(context: SignUpContext): Promise<OpenSession> {
  const entered = await enterSignUp(context);
  using _passcode = entered.signedIn.signIn.exportKey;
  try {
    return await enrol(context, entered);
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'sign-up-expired') await giveUpSignUp(context, entered.signUp);
    throw cause;
  } finally {
    entered.signedIn.channel.close();
  }
}

async function enrol(context: SignUpContext, entered: EnteredSignUp): Promise<OpenSession> {
  const { platform, storage, options } = context;
  using vaultSecret = await signUpVaultSecret(context, entered);
  options.progress?.('vault');
  const vault = await openSignUpVault(context, entered, vaultSecret);
  const publication = new Publication(context, entered, { vault, vaultSecret });
  const account = await publication.run().catch(async (cause) => {
    await vault.close();
    throw cause;
  });
  const session = await openSession(platform, storage, { account, vault, renewal: null });
  options.progress?.('done');
  return session;
}
