import { equal } from '@sotto/bytes';
import type { Secret } from '@sotto/crypto';
import {
  type Chain,
  type ChainUserKey,
  type DeviceDescription,
  deviceId,
  type Envelope,
  openSeed,
  ProtocolPeerFault,
  statement,
  type UserKeyChange,
  unwrapPreviousSeed,
} from '@sotto/protocol';
import type { Platform } from '../ports.ts';

export interface SeedOpener {
  readonly device: DeviceDescription & { readonly id: Uint8Array };
  readonly kem: Secret;
}

export interface OpenedSeed {
  readonly generation: number;
  readonly seed: Secret;
}

/**
 * All user-key seeds of an account, ascending: the newest is sealed to the device, each older one wrapped under the
 * next; every one is checked against the keys that the verified chain names. Throws `open-failed`, and
 * `chain-body-invalid` for a chain that seals nothing to the device.
 */
export async function openAllSeeds(
  { primitives, suites }: Pick<Platform, 'primitives' | 'suites'>,
  { chain, statements }: { readonly chain: Chain; readonly statements: readonly Envelope[] },
  { device, kem }: SeedOpener,
): Promise<readonly OpenedSeed[]> {
  const suite = suites.byId(chain.suite);
  const account = chain.fingerprint;
  const { sealed, changes } = sealedSeeds(statements, device.id);
  const published = chain.userKeys.at(-1) as ChainUserKey;
  const own = sealed.get(published.generation);
  if (own === undefined) throw new ProtocolPeerFault('chain-body-invalid', 'no user key is sealed to this device');
  let { seed } = await openSeed(suite, { kem, sealed: own }, { account, device, published });
  const opened = [{ generation: published.generation, seed }];
  for (const older of chain.userKeys.slice(0, -1).toReversed()) {
    const { previous: wrapped } = changes.get(older.generation + 1) as UserKeyChange;
    const binding = { account, generation: older.generation + 1 };
    seed = await unwrapPreviousSeed(primitives, { seed, wrapped }, binding);
    const { room, container, wrapped: keys } = older;
    await suite.userKeys.open(seed, { room, container, wrapped: keys });
    opened.unshift({ generation: older.generation, seed });
  }
  return opened;
}

/** What the chain seals to a device, and all changes, each by generation. */
function sealedSeeds(statements: readonly Envelope[], id: Uint8Array) {
  const sealed = new Map<number, Uint8Array>();
  const changes = new Map<number, UserKeyChange>();
  for (const { signed } of statements) {
    const { type, body, suite } = statement.parse(signed);
    if (type === 'device.add' && equal(deviceId(suite, body.device), id)) sealed.set(body.generation, body.sealedSeed);
    if (type !== 'device.revoke' && type !== 'userkey.rotate' && type !== 'passphrase.change') continue;
    const { change } = body;
    changes.set(change.userKey.generation, change);
    const mine = change.seeds.find(({ device }) => equal(device, id));
    if (mine !== undefined) sealed.set(change.userKey.generation, mine.sealed);
  }
  return { sealed, changes };
}
