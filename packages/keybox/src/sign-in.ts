import { type CborValue, equal, Fault } from '@sotto/bytes';
import {
  type Argon2Parameters,
  deriveKey,
  openCommitting,
  type Primitives,
  passphraseBytes,
  Secret,
  sealCommitting,
  sha256,
} from '@sotto/crypto';
import {
  type AccountBundle,
  type Address,
  ChannelRefusedFault,
  type OperationOutput,
  type Operations,
  openBundle,
  ProtocolPolicyFault,
  type SignIn,
} from '@sotto/protocol';
import { type Cluster, openChannel } from './cluster.ts';
import { KeyboxPeerFault, KeyboxPolicyFault } from './fault.ts';
import type { Platform } from './ports.ts';
import { solveChallenge } from './proof-of-work.ts';
import type { RequestChannel } from './request-channel.ts';

export interface SignInInput {
  readonly address: Address;
  readonly passphrase: string;
  readonly pinned: Argon2Parameters | null;
  readonly exemption: Uint8Array;
}

/** An account channel: proven by the passphrase on one side and by the account's record on the other. */
export interface SignedIn {
  readonly channel: RequestChannel;
  readonly signIn: SignIn;
}

/**
 * Signs in by passphrase (OPAQUE), doing the proof of work if the server asks for one. Throws `wrong-passphrase` (also
 * for an unknown account: nobody can tell), `throttled` with `retryAfterSeconds`, `unreachable`.
 */
export async function signIn(platform: Platform, cluster: Cluster, input: SignInInput): Promise<SignedIn> {
  using passphrase = passphraseBytes(input.passphrase);
  const { address, pinned, exemption } = input;
  const login = { mode: 'account', address, passphrase, pinned, exemption } as const;
  try {
    const channel = await openChannel(platform, cluster, { ...login, altcha: null }).catch(async (cause) =>
      openChannel(platform, cluster, { ...login, altcha: await solution(platform, cause) }),
    );
    if (channel.signIn === null) throw new KeyboxPeerFault('answer-malformed', 'a sign-in that proves nothing');
    return { channel, signIn: channel.signIn };
  } catch (cause) {
    if (!isRejection(cause)) throw cause;
    throw new KeyboxPolicyFault('wrong-passphrase', 'the passphrase is wrong, or there is no such account', { cause });
  }
}

/** Reads the account's state and opens its bundle. Throws `certificate-mismatch`, `open-failed`. */
export async function readBundle(
  { primitives }: Platform,
  { channel, signIn }: SignedIn,
  { address, cluster }: { readonly address: Address; readonly cluster: Cluster },
): Promise<AccountState> {
  const { suite, bundle: sealed, fingerprint, signUp } = await channel.call('accounts.state', {});
  const bundle = await openBundle(primitives, signIn.exportKey, { sealed, binding: { address, suite } });
  if (!equal(bundle.caFingerprint, cluster.caFingerprint)) {
    throw new KeyboxPeerFault(
      'certificate-mismatch',
      'the account belongs to another cluster than the one pinned here',
    );
  }
  return { suite, bundle, bundleHash: sha256(sealed), fingerprint, signUp };
}

/** What the server says of the account, its bundle opened. */
export type AccountState = Omit<OperationOutput<Operations['accounts.state']>, 'bundle'> & {
  readonly bundle: AccountBundle;
  /** SHA-256 of the sealed bundle, as the sigchain names it. */
  readonly bundleHash: Uint8Array;
};

/** A vault secret that the server released, and whether it is the one, and the only one, under the newest unlock key. */
export interface ReleasedSecret {
  readonly vaultSecret: Secret;
  readonly isNewest: boolean;
}

/**
 * Fetches what may be the vault secret of this installation: while a passphrase is being replaced the server has two,
 * and before that one under an older unlock key. The keystore tells which it is. Throws `device-revoked`, `open-failed`
 * if no unlock key opens any.
 */
export async function releaseVaultSecrets(
  { primitives }: Platform,
  channel: RequestChannel,
  { bundle, vaultId }: { readonly bundle: AccountBundle; readonly vaultId: Uint8Array },
): Promise<readonly [ReleasedSecret, ...ReleasedSecret[]]> {
  const { blobs } = await channel.call('vaults.release', { id: vaultId }).catch(revoked);
  const released: ReleasedSecret[] = [];
  let failure: unknown = null;
  for (const blob of blobs) {
    for (const unlockKey of [bundle.unlockKey, ...bundle.olderUnlockKeys]) {
      using key = vaultBlobKey(unlockKey, vaultId);
      try {
        const opened = await openCommitting(primitives, key, blobBinding(vaultId), blob);
        const isNewest = blobs.length === 1 && unlockKey === bundle.unlockKey;
        released.push({ vaultSecret: new Secret(opened), isNewest });
        opened.fill(0);
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.code !== 'open-failed') throw cause;
        failure = cause;
      }
    }
  }
  const [first, ...more] = released;
  if (first === undefined) throw failure;
  return [first, ...more];
}

/** The vault secret as the server keeps it: under a key that follows from the account unlock key U. */
export async function sealVaultBlob(
  primitives: Primitives,
  vaultSecret: Secret,
  { unlockKey, vaultId }: { readonly unlockKey: Uint8Array; readonly vaultId: Uint8Array },
): Promise<Uint8Array> {
  using key = vaultBlobKey(unlockKey, vaultId);
  const plaintext = vaultSecret.unsafeExpose('wrapped under the account unlock key');
  const blob = await sealCommitting(primitives, key, blobBinding(vaultId), plaintext);
  plaintext.fill(0);
  return blob;
}

/** The server keeps the vault secret of every device that stands in the chain. */
function revoked(cause: unknown): never {
  if (!(cause instanceof Fault) || cause.code !== 'not-found') throw cause;
  throw new ProtocolPolicyFault('device-revoked', 'this device was revoked: its vault opens no more', { cause });
}

function vaultBlobKey(unlockKey: Uint8Array, vaultId: Uint8Array): Secret {
  using secret = new Secret(unlockKey);
  return deriveKey(secret, 'sotto/vault/server/v1', { vault: vaultId });
}

function blobBinding(vaultId: Uint8Array) {
  return { label: 'sotto/vault/server/v1', context: { vault: vaultId } };
}

/** The solution of the challenge that a refusal carries; every other failure goes on its way. */
async function solution({ primitives }: Platform, cause: unknown): Promise<string> {
  if (!(cause instanceof ChannelRefusedFault) || cause.code !== 'proof-of-work-needed') throw cause;
  const challenge: CborValue = cause.challenge;
  if (typeof challenge !== 'string') throw cause;
  return solveChallenge(primitives, challenge);
}

/** OPAQUE fails on our side (the server proved nothing) or on the server's (we proved nothing). */
function isRejection(cause: unknown): boolean {
  return cause instanceof Fault && (cause.code === 'server-auth-failed' || cause.code === 'not-authorised');
}
