import { equal, type Fault } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import { type PolicyValues, ProtocolPeerFault } from '@sotto/protocol';
import { type AccountFile, accountFile, readAccountFile } from './account-file.ts';
import { isInterruption, repeatInterrupted } from './connection.ts';
import { keepUnlockKeys } from './devices/passphrase-change.ts';
import { KeyboxPeerFault, KeyboxPolicyFault, KeyboxUsageFault } from './fault.ts';
import { disposeKeys, openKeystore, parseKeystore } from './keystore.ts';
import { writeCounter } from './meta.ts';
import { openOfflineWrap, writeOfflineWrap } from './offline-wrap.ts';
import { clusterOf, type OpenSession, openSession } from './open-session.ts';
import { unwrapVaultSecret } from './passphrase-wrap.ts';
import { policyForbids, policyInForce } from './policy/in-force.ts';
import type { Platform, VaultStorage } from './ports.ts';
import { type ReleasedSecret, readBundle, releaseVaultSecrets, signIn } from './sign-in.ts';
import { openVault, type Vault } from './vault.ts';

export interface UnlockInput {
  readonly passphrase: string;
  /** For a vault that was made `advanced`: it alone opens that one. */
  readonly vaultPassphrase?: string | undefined;
}

/**
 * Unlocks the account whose vault lies in `storage`. Throws `no-account`, `wrong-passphrase`, `locked` (an advanced
 * vault without its own passphrase), `vault-needs-server`, `throttled`, `vault-damaged`, `vault-rolled-back`,
 * `device-revoked`, `policy-forbids`, `tls-refused`, and the faults of certificates.
 */
export async function unlockAccount(
  platform: Platform,
  storage: VaultStorage,
  input: UnlockInput,
): Promise<OpenSession> {
  const account = await readAccountFile(storage);
  const unlocking = { account, input };
  const first =
    account.vaultMode === 'advanced'
      ? locally(await unlockLocally(platform, storage, unlocking), null)
      : await unlockNormally(platform, storage, unlocking);
  const { unlocked, vault } = await openPermitted(platform, storage, { unlocking, unlocked: first });
  using _vaultSecret = unlocked.vaultSecret;
  const { unlockKey } = unlocked;
  const renewal = unlockKey === null ? null : { unlockKey, passphrase: input.passphrase };
  return await openSession(platform, storage, { account, vault, renewal });
}

/**
 * Deletes what opens the vault by passphrase without the server; the next unlocking asks it. Passkeys go on opening it.
 * Throws `no-account`.
 */
export async function lockAccount(storage: VaultStorage): Promise<void> {
  await readAccountFile(storage);
  await storage.remove('offline');
}

interface Unlocked {
  readonly vaultSecret: Secret;
  /** The account's newest unlock key, where the vault secret was kept under another and has to be replaced. */
  readonly unlockKey: Uint8Array | null;
  /** The account's unlock keys, newest first, as the server's bundle has them; null where it was not asked. */
  readonly unlockKeys: readonly Uint8Array[] | null;
  /** Age of the offline wrap that opened; null for every other way. */
  readonly offlineMilliseconds: number | null;
}

function locally(vaultSecret: Secret, offlineMilliseconds: number | null): Unlocked {
  return { vaultSecret, unlockKey: null, unlockKeys: null, offlineMilliseconds };
}

interface Unlocking {
  readonly account: AccountFile;
  readonly input: UnlockInput;
}

/** The offline wrap if it opens, else the server, which also knows of a passphrase that was changed elsewhere. */
async function unlockNormally(platform: Platform, storage: VaultStorage, unlocking: Unlocking): Promise<Unlocked> {
  const { account, input } = unlocking;
  const { passphrase } = input;
  const offline = await openOfflineWrap(platform, storage, { passphrase, vaultId: account.vaultId });
  if (offline.kind === 'opened') {
    const { vaultSecret, ageMilliseconds } = offline;
    return locally(vaultSecret, ageMilliseconds);
  }
  return unlockOnline(platform, storage, { unlocking, isRejected: offline.kind === 'rejected' });
}

async function unlockOnline(
  platform: Platform,
  storage: VaultStorage,
  { unlocking, isRejected }: { readonly unlocking: Unlocking; readonly isRejected: boolean },
): Promise<Unlocked> {
  try {
    return await repeatInterrupted(() => unlockByServer(platform, storage, unlocking));
  } catch (cause) {
    if (!isInterruption(cause) || cause.code.startsWith('certificate-')) throw cause;
    if (isRejected) throw wrongPassphrase(cause);
    const message = 'this vault is locked and its home server cannot be reached: try again when it can';
    throw new KeyboxUsageFault('vault-needs-server', message, { cause });
  }
}

/**
 * Opens the vault and holds that to the rules which it knows: an offline wrap older than the policy allows is thrown
 * away, and the server is asked; a suite module that is not allowed opens nothing. Throws `policy-forbids`,
 * `vault-needs-server`.
 */
async function openPermitted(
  platform: Platform,
  storage: VaultStorage,
  { unlocking, unlocked }: { readonly unlocking: Unlocking; readonly unlocked: Unlocked },
): Promise<{ readonly unlocked: Unlocked; readonly vault: Vault }> {
  const { vaultSecret, offlineMilliseconds: age } = unlocked;
  const vault = await openVault(platform, storage, vaultSecret);
  try {
    const rules = await policyInForce(vault.parts);
    checkModules(platform, rules);
    const { offlineUnlockDays: days } = rules;
    if (days === 0) await storage.remove('offline');
    if (days === 0 && unlocking.account.vaultMode === 'normal') await storage.remove('passkeys');
    // Changes of the passphrase that broke off leave keys which never were the account's.
    if (unlocked.unlockKeys !== null) {
      const signedIn = writeCounter(SIGNED_IN_AT, platform.clock.now());
      await vault.parts.keys.apply([keepUnlockKeys(unlocked.unlockKeys), signedIn]);
    }
    if (age === null || (days > 0 && age <= days * DAY_MILLISECONDS)) return { unlocked, vault };
    await storage.remove('offline');
  } catch (cause) {
    await vault.close();
    vaultSecret.dispose();
    throw cause;
  }
  await vault.close();
  vaultSecret.dispose();
  const online = await unlockOnline(platform, storage, { unlocking, isRejected: false });
  return openPermitted(platform, storage, { unlocking, unlocked: online });
}

/** Holds the suite modules that are loaded to the policy. Throws `policy-forbids`. */
export function checkModules({ suiteModules = [] }: Platform, { suiteModules: allowed }: PolicyValues): void {
  if (allowed === null) return;
  const isAllowed = (module: Uint8Array): boolean => allowed.some((each) => equal(each, module));
  if (!suiteModules.every(isAllowed)) throw policyForbids('a suite module that is loaded');
}

async function unlockByServer(
  platform: Platform,
  storage: VaultStorage,
  { account, input }: Unlocking,
): Promise<Unlocked> {
  const { address, parameters, exemption, vaultId, fingerprint } = account;
  const { passphrase } = input;
  const cluster = clusterOf(platform, account);
  const signedIn = await signIn(platform, cluster, { address, passphrase, pinned: parameters, exemption });
  const { channel } = signedIn;
  using _passcode = signedIn.signIn.exportKey;
  try {
    const { bundle, ...state } = await readBundle(platform, signedIn, { address, cluster });
    if (!isSame(bundle.fingerprint, fingerprint) || !isSame(state.fingerprint, fingerprint)) {
      throw new ProtocolPeerFault('identity-conflict', 'the server has another account under this address');
    }
    const released = await releaseVaultSecrets(platform, channel, { bundle, vaultId });
    const { vaultSecret, isNewest } = await matching(platform, storage, released);
    await storage.replace('account', accountFile.encode({ ...account, parameters: signedIn.signIn.parameters }));
    await writeOfflineWrap(platform, storage, { passphrase, vaultId, vaultSecret });
    const unlockKeys = [bundle.unlockKey, ...bundle.olderUnlockKeys];
    return { vaultSecret, unlockKey: isNewest ? null : bundle.unlockKey, unlockKeys, offlineMilliseconds: null };
  } finally {
    channel.close();
  }
}

/** Of the secrets that the server released the one that opens the keystore. */
async function matching(
  platform: Platform,
  storage: VaultStorage,
  released: readonly [ReleasedSecret, ...ReleasedSecret[]],
): Promise<ReleasedSecret> {
  const [first, ...more] = released;
  const content = await storage.read('keystore');
  if (more.length === 0 || content === null) return first;
  const file = parseKeystore(content);
  for (const each of released) {
    try {
      disposeKeys(await openKeystore(platform, file, each.vaultSecret));
      return each;
    } catch (cause) {
      if (!(cause instanceof KeyboxPeerFault)) throw cause;
    }
  }
  return first;
}

async function unlockLocally(
  platform: Platform,
  storage: VaultStorage,
  { account, input }: Unlocking,
): Promise<Secret> {
  const content = await storage.read('keystore');
  const local = content === null ? null : parseKeystore(content).local;
  if (local === null)
    throw new KeyboxPeerFault('vault-damaged', 'the keystore of this vault is missing or not its own');
  if (input.vaultPassphrase === undefined) {
    throw new KeyboxPolicyFault(
      'locked',
      'this vault has a passphrase of its own: give it with --vault-passphrase-file',
    );
  }
  const binding = { label: 'sotto/vault/advanced/v1', vaultId: account.vaultId, expiresAt: null } as const;
  const vaultSecret = await unwrapVaultSecret(platform, input.vaultPassphrase, { binding, wrap: local });
  if (vaultSecret === null) throw wrongPassphrase();
  return vaultSecret;
}

function isSame(left: Uint8Array | null, right: Uint8Array): boolean {
  return left !== null && equal(left, right);
}

function wrongPassphrase(cause?: Fault): KeyboxPolicyFault {
  return new KeyboxPolicyFault('wrong-passphrase', 'the passphrase is wrong', { cause });
}

export const DAY_MILLISECONDS: number = 24 * 3600 * 1000;
/** Name in `meta` of the part `keys`: when the server confirmed the passphrase last. */
export const SIGNED_IN_AT = 'signed-in-at';
