import { equal, hex } from '@sotto/bytes';
import { argon2Floor, Secret } from '@sotto/crypto';
import {
  type Address,
  activeDevices,
  addressDomain,
  type Chain,
  envelope,
  openRecoveryBundle,
  ProtocolPeerFault,
  type RecoveryBundle,
  recoveryKeys,
  statement,
} from '@sotto/protocol';
import { type Cluster, discoverCluster, openChannel } from '../cluster.ts';
import { changePassphrase } from '../devices/passphrase-change.ts';
import { KeyboxPeerFault, KeyboxPolicyFault } from '../fault.ts';
import type { OpenSession } from '../open-session.ts';
import { checkPassphrase } from '../passphrase.ts';
import type { Platform, VaultStorage } from '../ports.ts';
import type { RequestChannel } from '../request-channel.ts';
import { openSeeds, type UserKey } from '../user-keys.ts';
import { endorse } from './endorsement.ts';
import { type EnrolmentContext, enrolDevice, finishedEnrolment, type NewDevice, type Way } from './enrol-device.ts';
import { readOwnChain } from './own-chain.ts';
import { readerOf } from './restore.ts';

export interface KitPlace {
  /** Origin of the home server. */
  readonly server: string;
  /** From the kit; null to take what the server shows, and to hold it against what the kit opens. */
  readonly caFingerprint: Uint8Array | null;
  readonly recoveryKey: Secret;
}

/** An account that a recovery kit opens. */
export interface OpenKit {
  readonly address: Address;
  readonly bundle: RecoveryBundle;
  readonly cluster: Cluster;
  readonly lookup: Uint8Array;
}

/**
 * Opens what the server keeps for a recovery key. Throws `recovery-unknown` (also for a kit that was replaced),
 * `open-failed`, `certificate-mismatch`, and the faults of the connection.
 */
export async function openRecoveryKit(platform: Platform, place: KitPlace): Promise<OpenKit> {
  const cluster = await discoverCluster(platform, { origin: place.server, caFingerprint: place.caFingerprint });
  using keys = recoveryKeys(place.recoveryKey);
  const { lookup } = keys;
  const channel = await openChannel(platform, cluster, { mode: 'anonymous' });
  try {
    const { bundle: sealed } = await channel.call('recovery.open', { lookup });
    const bundle = await openRecoveryBundle(platform.primitives, keys, sealed);
    const { address, caFingerprint } = bundle;
    if (!equal(caFingerprint, cluster.caFingerprint) || addressDomain(address) !== cluster.domain) {
      throw new KeyboxPeerFault('certificate-mismatch', 'the kit belongs to another authority than this server');
    }
    return { address, bundle, cluster, lookup };
  } finally {
    channel.close();
  }
}

/**
 * Makes this installation a device of the account of a recovery kit. `passphrase` is a new one. Throws
 * `recovery-revoked`, `rollback`, `split-view`, `bundle-invalid`, `account-room-missing`, `account-exists`,
 * `passphrase-too-weak`, and the faults of the connection.
 */
export async function recoverAccount(
  platform: Platform,
  storage: VaultStorage,
  { kit, ...options }: NewDevice & { readonly kit: OpenKit },
): Promise<OpenSession> {
  checkPassphrase(options.passphrase);
  const context = { platform, storage, options };
  const finished = await finishedEnrolment(context);
  if (finished !== null) return finished;
  const channel = await openChannel(platform, kit.cluster, { mode: 'anonymous' });
  try {
    return await enrolDevice(context, recoveryWay(context, kit, channel));
  } finally {
    channel.close();
  }
}

function recoveryWay({ platform, options }: EnrolmentContext, kit: OpenKit, channel: RequestChannel): Way {
  const { bundle, cluster, lookup } = kit;
  const { address, suite, fingerprint, chain, accountRoom, caFingerprint, secrets } = bundle;
  const facts = { address, suite, fingerprint, chain, accountRoom, caFingerprint };
  return {
    facts,
    cluster,
    parameters: argon2Floor,
    unlockKeys: null,
    isProven: false,
    async readChain() {
      const read = (from: number) => channel.call('recovery.chain', { lookup, from });
      const own = await readOwnChain(platform.suites, read, facts);
      recoveryDevice(own.chain, bundle);
      return own;
    },
    async admit(device, own) {
      const recovery = recoveryDevice(own.chain, bundle);
      using signing = new Secret(secrets.signing);
      using kem = new Secret(secrets.kem);
      const seeds = await openSeeds(platform, own, { id: recovery.id, kem });
      const { seed } = seeds.at(-1) as UserKey;
      const endorser = { id: recovery.id, signing, seed };
      const endorsed = await endorse(platform, own.chain, { endorser, device });
      for (const each of seeds) each.seed.dispose();
      await channel.call('chains.append', { envelope: endorsed.envelope });
    },
    finish: (session) => setPassphrase(session, options),
  };
}

/**
 * Makes the passphrase of `options` that of the account, unless this device has done so before it was interrupted. The
 * secret of its vault is new and was never under another passphrase: it stays, and goes to the server afterwards.
 */
async function setPassphrase(session: OpenSession, { passphrase, progress }: NewDevice): Promise<void> {
  progress?.('passphrase');
  const { identity, keys } = session;
  const rows = await keys.query<{ envelope: Uint8Array }>(
    'SELECT envelope FROM chain WHERE fingerprint = ? ORDER BY seq',
    [identity.fingerprint],
  );
  const statements = rows.map((row) => statement.parse(envelope.parse(row.envelope).signed));
  const isDone = statements.some(
    ({ type, signers }) => type === 'passphrase.change' && equal(signers[0] as Uint8Array, identity.deviceId),
  );
  if (isDone) return;
  const care = { ...session.care, forgetOfflineWrap: async () => {}, renew: async () => {} };
  const reader = readerOf({ ...session, care });
  const own = (await reader.chains.known(identity.fingerprint)) as Chain;
  const hadRoaming = activeDevices(own).some(({ kind }) => kind === 'roaming');
  await changePassphrase(reader, { passphrase, roaming: hadRoaming ? 'on' : 'off' });
}

function recoveryDevice({ devices }: Chain, { device: id }: RecoveryBundle) {
  const device = devices.get(hex(id));
  if (device?.kind !== 'recovery') {
    throw new ProtocolPeerFault('bundle-invalid', 'the sigchain does not list the recovery device of this kit');
  }
  if (device.revokedAt === null) return device;
  throw new KeyboxPolicyFault(
    'recovery-revoked',
    'this recovery kit was revoked: a newer one or another device is needed',
  );
}
