import { decodeCbor, encodeCbor, equal } from '@sotto/bytes';
import { Secret, sha256 } from '@sotto/crypto';
import { type AccountFile, readAccountFile } from '../account-file.ts';
import { KeyboxPolicyFault, KeyboxUsageFault } from '../fault.ts';
import { logKey } from '../key-log.ts';
import { readCounter, readMeta, writeCounter, writeMeta } from '../meta.ts';
import type { OpenSession } from '../open-session.ts';
import { policyForbids, policyInForce } from '../policy/in-force.ts';
import type { Part, Platform, SqlStatement, VaultStorage } from '../ports.ts';
import { reopenAccount } from '../reopen-account.ts';
import { DAY_MILLISECONDS, SIGNED_IN_AT } from '../unlock.ts';
import {
  MAX_PASSKEYS,
  openByPasskey,
  type PasskeyWrap,
  readPasskeys,
  sealForPasskey,
  writePasskeys,
} from './passkey-file.ts';

/** A passkey that opens the vault of this device. */
export type PasskeyView = Pick<PasskeyWrap, 'credentialId' | 'salt' | 'name' | 'at'>;

export interface NewPasskey {
  /** As the authenticator names it, 1 to 1023 bytes. */
  readonly credentialId: Uint8Array;
  /** 32 bytes, with which the authenticator was asked. */
  readonly salt: Uint8Array;
  /** What it answered: 32 bytes that only it can give. */
  readonly prf: Uint8Array;
  readonly name: string;
}

/** What a person may choose from before the vault is open. Throws `no-account`, `vault-damaged`. */
export async function listPasskeys(storage: VaultStorage): Promise<readonly PasskeyView[]> {
  const { vaultId } = await readAccountFile(storage);
  return (await readPasskeys(storage, vaultId)).map(({ sealed: _, ...view }) => view);
}

/**
 * Lets a passkey open this vault, in the place of an earlier one of the same credential. Throws `policy-forbids` where the
 * organisation wants the server asked each time, and for a ninth one.
 */
export async function addPasskey(
  platform: Platform,
  storage: VaultStorage,
  { session, passkey }: { readonly session: OpenSession; readonly passkey: NewPasskey },
): Promise<void> {
  const account = await readAccountFile(storage);
  const { vaultId } = account;
  const { credentialId, salt, name } = passkey;
  const kept = (await readPasskeys(storage, vaultId)).filter((each) => !equal(each.credentialId, credentialId));
  if (!isLocal(account) && (await policyInForce(session)).offlineUnlockDays === 0) {
    throw policyForbids('unlocking without the server');
  }
  if (kept.length >= MAX_PASSKEYS) throw policyForbids(`more than ${MAX_PASSKEYS} passkeys of one vault`);
  using prf = secretOf(passkey.prf);
  using vaultSecret = session.vaultSecret();
  const sealed = await sealForPasskey(platform, prf, { binding: { vaultId, credentialId }, vaultSecret });
  const at = platform.clock.now();
  const passkeys = [...kept, { credentialId, salt, name, at, sealed }];
  const signedIn = (await readCounter(session.keys, SIGNED_IN_AT)) === 0 ? [writeCounter(SIGNED_IN_AT, at)] : [];
  const told = logKey(session.clock, { event: 'passphrase/passkey-added' });
  // What the vault does not know of opens nothing: first here, then where it lies.
  await session.keys.apply([keepKnown(passkeys), ...signedIn, told]);
  await writePasskeys(storage, vaultId, passkeys);
}

/** Takes a passkey from the vault; nothing for one that it does not have. */
export async function removePasskey(
  storage: VaultStorage,
  session: OpenSession,
  credentialId: Uint8Array,
): Promise<void> {
  const { vaultId } = await readAccountFile(storage);
  const passkeys = await readPasskeys(storage, vaultId);
  const left = passkeys.filter((each) => !equal(each.credentialId, credentialId));
  if (left.length === passkeys.length) return;
  const told = logKey(session.clock, { event: 'passphrase/passkey-removed' });
  await session.keys.apply([keepKnown(left), told]);
  await writePasskeys(storage, vaultId, left);
}

/**
 * Opens the vault by what a passkey gave for its salt, without the server. Throws `no-account`, `passkey-unknown` (it is
 * not one of this vault, or was taken from it), `wrong-passkey`, `passphrase-needed` (the last sign-in by it is too long
 * ago for the policy), and what `reopenAccount` throws.
 */
export async function unlockByPasskey(
  platform: Platform,
  storage: VaultStorage,
  { credentialId, prf: answer }: Pick<NewPasskey, 'credentialId' | 'prf'>,
): Promise<OpenSession> {
  const account = await readAccountFile(storage);
  const { vaultId } = account;
  const wrap = (await readPasskeys(storage, vaultId)).find((each) => equal(each.credentialId, credentialId));
  if (wrap === undefined) throw unknown();
  using prf = secretOf(answer);
  using vaultSecret = await openByPasskey(platform, prf, { binding: { vaultId, credentialId }, sealed: wrap.sealed });
  if (vaultSecret === null) {
    throw new KeyboxPolicyFault('wrong-passkey', 'this is not what the passkey of this vault gives');
  }
  const session = await reopenAccount(platform, storage, vaultSecret).catch(ifOutdated);
  try {
    await checkKnown(session.keys, wrap);
    if (!isLocal(account)) await checkAge(platform, session);
    return session;
  } catch (cause) {
    await session.close();
    throw cause;
  }
}

/** A vault with a passphrase of its own never asks the server. */
function isLocal({ vaultMode }: AccountFile): boolean {
  return vaultMode === 'advanced';
}

/** A wrap that was taken away and put back opens nothing. */
async function checkKnown(keys: Part, { sealed }: PasskeyWrap): Promise<void> {
  const stored = await readMeta(keys, KNOWN);
  const known = stored === null ? [] : (decodeCbor(stored) as readonly Uint8Array[]);
  if (!known.some((hash) => equal(hash, sha256(sealed)))) throw unknown();
}

/** As with the offline wrap, the passphrase and the server are asked again after a time; a clock put back helps nobody. */
async function checkAge({ clock }: Platform, session: OpenSession): Promise<void> {
  const { offlineUnlockDays: days } = await policyInForce(session);
  const age = clock.now() - (await readCounter(session.keys, SIGNED_IN_AT));
  if (days > 0 && age >= 0 && age <= days * DAY_MILLISECONDS) return;
  const message = `the passphrase is asked for again ${days} days after the last sign-in`;
  throw new KeyboxPolicyFault('passphrase-needed', message);
}

function keepKnown(passkeys: readonly PasskeyWrap[]): SqlStatement {
  return writeMeta(KNOWN, encodeCbor(passkeys.map(({ sealed }) => sha256(sealed))));
}

/** Throws `wrong-passkey` for an answer that is none. */
function secretOf(prf: Uint8Array): Secret {
  if (prf.length !== PRF_BYTES) throw new KeyboxPolicyFault('wrong-passkey', 'a passkey gives 32 bytes');
  return new Secret(prf);
}

/** The vault secret was replaced since: after a change of passphrase. */
function ifOutdated(cause: unknown): never {
  if (cause instanceof KeyboxPolicyFault && cause.code === 'locked') throw unknown(cause);
  throw cause;
}

function unknown(cause?: unknown): KeyboxUsageFault {
  return new KeyboxUsageFault('passkey-unknown', 'this passkey does not open this vault: use the passphrase', {
    cause,
  });
}

const PRF_BYTES = 32;
/** Name in `meta` of the part `keys`: hashes of the wraps that may open the vault. */
const KNOWN = 'passkeys';
