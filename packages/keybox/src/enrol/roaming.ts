import { Secret } from '@sotto/crypto';
import { type Address, addressDomain, type DeviceSecrets, openKitRoaming, recoveryKeys } from '@sotto/protocol';
import { type Cluster, discoverCluster } from '../cluster.ts';
import { repeatInterrupted } from '../connection.ts';
import { wipeDeviceSecrets } from '../device-secrets.ts';
import { KeyboxPeerFault, KeyboxPolicyFault } from '../fault.ts';
import type { OpenSession } from '../open-session.ts';
import type { Platform, VaultStorage } from '../ports.ts';
import { readBundle, type SignedIn, signIn } from '../sign-in.ts';
import { openSeeds, type UserKey } from '../user-keys.ts';
import { deviceOfSecrets, endorse } from './endorsement.ts';
import { type EnrolmentContext, enrolDevice, finishedEnrolment, type NewDevice, type Way } from './enrol-device.ts';
import type { AccountFacts } from './enrolment-file.ts';
import { checkBundle, type OwnChain, readOwnChain } from './own-chain.ts';

/** Where an account is, as its owner types it on a new machine. */
export interface AccountPlace {
  readonly address: Address;
  /** Origin of the home server. */
  readonly server: string;
  /** SHA-256 of the CA certificate; null to take what the server shows, and to hold it against the account's bundle. */
  readonly caFingerprint: Uint8Array | null;
}

export interface RoamingSignIn extends NewDevice, AccountPlace {
  /** For accounts that demand the kit as well. */
  readonly recoveryKey?: Secret | undefined;
}

/**
 * Makes this installation a device of an account by its passphrase alone (and the recovery key where the account says
 * so). The passphrase leaves this machine in no form. Throws `wrong-passphrase` (also for an unknown account),
 * `roaming-off`, `kit-needed`, `certificate-mismatch`, `rollback`, `split-view`, `bundle-invalid`,
 * `account-room-missing`, `account-exists`, and the faults of the connection.
 */
export async function signInAccount(
  platform: Platform,
  storage: VaultStorage,
  options: RoamingSignIn,
): Promise<OpenSession> {
  const context = { platform, storage, options };
  const finished = await finishedEnrolment(context);
  if (finished !== null) return finished;
  return repeatInterrupted(async () => {
    const entered = await enterAccount(context, options);
    using _passcode = entered.signedIn.signIn.exportKey;
    try {
      return await enrolDevice(context, await roamingWay(context, entered, options));
    } finally {
      entered.signedIn.channel.close();
    }
  });
}

/** An account whose passphrase was proven, and what its bundle says. */
export interface EnteredAccount {
  readonly cluster: Cluster;
  readonly signedIn: SignedIn;
  readonly facts: AccountFacts;
  readonly state: Awaited<ReturnType<typeof readBundle>>;
}

type EntryContext = Pick<EnrolmentContext, 'platform'> & {
  readonly options: Pick<NewDevice, 'passphrase' | 'progress'>;
};

/** Signs in by passphrase and opens the account's bundle. */
export async function enterAccount(
  { platform, options }: EntryContext,
  { address, server, caFingerprint }: AccountPlace,
): Promise<EnteredAccount> {
  options.progress?.('sign-in');
  const cluster = await discoverCluster(platform, { origin: server, caFingerprint });
  if (cluster.domain !== addressDomain(address)) {
    throw new KeyboxPeerFault('certificate-mismatch', `this is the home server of ${cluster.domain}`);
  }
  const { passphrase } = options;
  const exemption = platform.primitives.randomBytes(32);
  const signedIn = await signIn(platform, cluster, { address, passphrase, pinned: null, exemption });
  try {
    const state = await readBundle(platform, signedIn, { address, cluster });
    return { cluster, signedIn, facts: factsOf(address, state), state };
  } catch (cause) {
    signedIn.signIn.exportKey.dispose();
    signedIn.channel.close();
    throw cause;
  }
}

/** Reads the chain over the account's channel, and holds the bundle against it. */
export function chainReader({ platform }: EnrolmentContext, entered: EnteredAccount): () => Promise<OwnChain> {
  const { facts, signedIn, state } = entered;
  return async () => {
    const { fingerprint: account } = facts;
    const read = (from: number) => signedIn.channel.call('chains.read', { account, from });
    const own = await readOwnChain(platform.suites, read, facts);
    checkBundle(own.chain, { bundle: state.bundle, hash: state.bundleHash });
    return own;
  };
}

/** Newest first: a passphrase that is changed here must not shut out vaults that still lie under an older one. */
export function unlockKeysOf({ state }: EnteredAccount): readonly [Uint8Array, ...Uint8Array[]] {
  return [state.bundle.unlockKey, ...state.bundle.olderUnlockKeys];
}

/**
 * The secrets of the account's roaming device, for a second signature. Throws `wrong-passphrase`, `roaming-off`,
 * `kit-needed`, and the faults of the connection.
 */
export async function openRoamingDevice(
  platform: Platform,
  place: AccountPlace & { readonly passphrase: string; readonly recoveryKey?: Secret | undefined },
): Promise<DeviceSecrets> {
  const entered = await enterAccount({ platform, options: place }, place);
  using _passcode = entered.signedIn.signIn.exportKey;
  try {
    return await roamingSecrets(platform, entered, place);
  } finally {
    entered.signedIn.channel.close();
  }
}

function factsOf(address: Address, { suite, bundle, fingerprint: shown }: EnteredAccount['state']): AccountFacts {
  const { fingerprint, chain, accountRoom, caFingerprint } = bundle;
  if (fingerprint === null || chain === null || accountRoom === null || shown === null) {
    throw new KeyboxPolicyFault('sign-up-unfinished', 'this account was never finished on the device it was begun on');
  }
  return { address, suite, fingerprint, chain, accountRoom, caFingerprint };
}

async function roamingWay(context: EnrolmentContext, entered: EnteredAccount, options: RoamingSignIn): Promise<Way> {
  const { platform } = context;
  const { cluster, signedIn, facts } = entered;
  return {
    facts,
    cluster,
    parameters: signedIn.signIn.parameters,
    unlockKeys: unlockKeysOf(entered),
    isProven: true,
    readChain: chainReader(context, entered),
    async admit(device, own) {
      const { chain } = own;
      const suite = platform.suites.byId(chain.suite);
      const secrets = await roamingSecrets(platform, entered, options);
      const roaming = await deviceOfSecrets(suite, chain, { secrets, kind: 'roaming' });
      using signing = new Secret(secrets.signing);
      using kem = new Secret(secrets.kem);
      const seeds = await openSeeds(platform, own, { id: roaming.id, kem });
      const { seed } = seeds.at(-1) as UserKey;
      const { envelope } = await endorse(platform, chain, { endorser: { id: roaming.id, signing, seed }, device });
      wipeDeviceSecrets(secrets);
      for (const each of seeds) each.seed.dispose();
      await signedIn.channel.call('chains.append', { envelope });
    },
  };
}

async function roamingSecrets(
  { primitives }: Platform,
  { state, facts }: EnteredAccount,
  { recoveryKey }: Pick<RoamingSignIn, 'recoveryKey'>,
): Promise<DeviceSecrets> {
  const { roaming, kitRoaming: sealed } = state.bundle;
  if (roaming !== null) {
    const { signing, kem, certificateKey } = roaming;
    return { signing: signing.slice(), kem: kem.slice(), certificateKey: certificateKey.slice() };
  }
  if (sealed === null) {
    const how = 'link this device from another one, or use the recovery key';
    throw new KeyboxPolicyFault('roaming-off', `this account takes no new device by passphrase alone: ${how}`);
  }
  if (recoveryKey === undefined) {
    throw new KeyboxPolicyFault(
      'kit-needed',
      'this account takes a new device by passphrase and recovery key together',
    );
  }
  using keys = recoveryKeys(recoveryKey);
  return openKitRoaming(primitives, keys, { account: facts.fingerprint, sealed });
}
