import { equal, Fault, hex } from '@sotto/bytes';
import type { Argon2Parameters } from '@sotto/crypto';
import {
  type ChainDevice,
  chainExtends,
  type DeviceDescription,
  type DeviceName,
  deviceId,
  ProtocolPeerFault,
  ProtocolPolicyFault,
} from '@sotto/protocol';
import { type AccountFile, accountFile, type VaultMode } from '../account-file.ts';
import type { Cluster } from '../cluster.ts';
import { KeyboxUsageFault } from '../fault.ts';
import { type OpenSession, openSession } from '../open-session.ts';
import { checkPassphrase } from '../passphrase.ts';
import type { Platform, Progress, VaultStorage } from '../ports.ts';
import { unlockAccount } from '../unlock.ts';
import { type AccountFacts, type Enrolment, keepEnrolment, readEnrolment } from './enrolment-file.ts';
import { type NewDeviceVault, openNewVault } from './new-vault.ts';
import type { OwnChain } from './own-chain.ts';
import { restoreAccountRoom } from './restore.ts';
import { keepBundleKeys, settleDevice, storeVaultSecret } from './settlement.ts';

/** What a person decides about a new device of theirs. */
export interface NewDevice {
  /** The wanted name; a number is put behind one that was used before. */
  readonly deviceName: DeviceName;
  readonly vault: VaultMode;
  readonly passphrase: string;
  /** Required for an `advanced` vault. */
  readonly vaultPassphrase?: string | undefined;
  readonly progress?: Progress | undefined;
}

export interface EnrolmentContext {
  readonly platform: Platform;
  readonly storage: VaultStorage;
  readonly options: NewDevice;
}

/** How a new device learns of its account and gets into it. */
export interface Way {
  readonly facts: AccountFacts;
  readonly cluster: Cluster;
  readonly parameters: Argon2Parameters;
  /** The account's unlock keys, newest first; null where nobody knows them, and a new passphrase brings another one. */
  readonly unlockKeys: readonly [Uint8Array, ...Uint8Array[]] | null;
  /** True if the server has confirmed the passphrase of `options`. */
  readonly isProven: boolean;
  /** Reads and verifies the account's chain as the server has it now. */
  readChain(): Promise<OwnChain>;
  /** Gets the device into the chain; resolves when the server has it there. Throws `chain-stale` for a lost race. */
  admit(device: DeviceDescription, own: OwnChain): Promise<void>;
  /** Last chance to do what needs the new device's session before there is an account. */
  finish?(session: OpenSession): Promise<void>;
}

/**
 * Makes this installation a device of the account, or goes on with making it: whatever was durable then is taken up,
 * so that an interruption at any moment leaves at most this one device in the chain. The account's own room is read
 * before there is an account: contacts are known before anything is believed about anybody.
 */
export async function enrolDevice(context: EnrolmentContext, way: Way): Promise<OpenSession> {
  const { platform, storage, options } = context;
  options.progress?.('vault');
  const { enrolment, made } = await takeUp(context, way);
  const { vault } = made;
  using vaultSecret = made.vaultSecret;
  let account: AccountFile;
  try {
    options.progress?.('device');
    const { own, device } = await admitted(context, way, made);
    account = accountOf(enrolment, { way, device });
    options.progress?.('certificate');
    await settleDevice(context, { way, account, own, vault, vaultSecret });
  } catch (cause) {
    await vault.close();
    throw cause;
  }
  const session = await openSession(platform, storage, { account, vault, renewal: null });
  try {
    options.progress?.('restore');
    await restoreAccountRoom(session);
    await keepBundleKeys(way, session.keys);
    if (way.finish !== undefined) {
      await way.finish(session);
      await storeVaultSecret(platform, { account, keys: session.keys, vaultSecret }, session.link);
    }
    await storage.replace('account', accountFile.encode(account));
    await storage.remove('enrolment');
  } catch (cause) {
    await session.close();
    throw cause;
  }
  options.progress?.('done');
  return session;
}

/**
 * An enrolment that had come to its end but for the removal of its file; null for one that has not. Throws
 * `account-exists` where there is an account and nothing is under way, and for passphrases that may not be chosen.
 */
export async function finishedEnrolment({ platform, storage, options }: EnrolmentContext): Promise<OpenSession | null> {
  if (options.vault === 'advanced') checkPassphrase(options.vaultPassphrase ?? '');
  if ((await storage.read('account')) === null) return null;
  if ((await storage.read('enrolment')) === null) {
    throw new KeyboxUsageFault('account-exists', 'this account is here already');
  }
  const session = await unlockAccount(platform, storage, options);
  await storage.remove('enrolment');
  return session;
}

async function takeUp(
  context: EnrolmentContext,
  way: Way,
): Promise<{ readonly enrolment: Enrolment; readonly made: NewDeviceVault }> {
  const { platform, storage, options } = context;
  const known = await readEnrolment(storage);
  const isSame = known !== null && equal(known.facts.fingerprint, way.facts.fingerprint);
  const enrolment = await keepEnrolment(
    storage,
    isSame ? { ...known, facts: way.facts, origin: way.cluster.origin } : freshEnrolment(context, way),
  );
  try {
    return { enrolment, made: await openNewVault(platform, storage, { enrolment, passphrases: options }) };
  } catch (cause) {
    // The server says that this passphrase is right: what was begun under another one cannot be gone on with.
    const isOutdated = cause instanceof Fault && cause.code === 'wrong-passphrase' && way.isProven;
    if (!isOutdated || enrolment.vaultMode === 'advanced') throw cause;
    const anew = await keepEnrolment(storage, freshEnrolment(context, way));
    return { enrolment: anew, made: await openNewVault(platform, storage, { enrolment: anew, passphrases: options }) };
  }
}

function freshEnrolment({ platform, options }: EnrolmentContext, { facts, cluster }: Way): Enrolment {
  const { primitives } = platform;
  const { origin, domain } = cluster;
  return {
    v: 1,
    facts,
    origin,
    domain,
    deviceName: options.deviceName,
    vaultMode: options.vault,
    vaultId: primitives.randomBytes(16),
    exemption: primitives.randomBytes(32),
  };
}

/** Gets the device into the chain unless it is there; another statement may come first, a few times. */
async function admitted(
  { storage }: EnrolmentContext,
  way: Way,
  { device }: NewDeviceVault,
): Promise<{ readonly own: OwnChain; readonly device: ChainDevice }> {
  const id = hex(deviceId(way.facts.suite, device));
  for (let left = MAX_RACES; ; left--) {
    const own = await way.readChain();
    const known = own.chain.devices.get(id);
    if (known?.revokedAt === null) return { own, device: known };
    if (known !== undefined) {
      await storage.remove('enrolment');
      throw new ProtocolPolicyFault('device-revoked', 'this device was revoked before it was ready: begin anew');
    }
    try {
      await way.admit(device, own);
    } catch (cause) {
      if (left === 0 || !(cause instanceof Fault) || cause.code !== 'chain-stale') throw cause;
      continue;
    }
    const after = await way.readChain();
    const added = after.chain.devices.get(id);
    if (added === undefined) throw withheld();
    if (!chainExtends(after.chain, { length: own.chain.hashes.length, hash: own.chain.hashes.at(-1) as Uint8Array }))
      throw new ProtocolPeerFault('split-view', 'the server shows another past of this account than a moment ago');
    return { own: after, device: added };
  }
}

function accountOf(
  { facts, origin, domain, vaultId, vaultMode, exemption }: Enrolment,
  { way, device }: { readonly way: Way; readonly device: ChainDevice },
): AccountFile {
  const { address, suite, caFingerprint, fingerprint } = facts;
  const { id, name: deviceName } = device;
  const { parameters } = way;
  const place = { origin, domain, caFingerprint, fingerprint, deviceId: id, vaultId, vaultMode };
  return { v: 1, address, suite, deviceName, ...place, exemption, parameters };
}

function withheld(): ProtocolPeerFault {
  return new ProtocolPeerFault('rollback', 'the server took this device and shows a sigchain without it');
}

const MAX_RACES = 4;
