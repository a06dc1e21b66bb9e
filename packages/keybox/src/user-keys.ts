import { compare, equal, hex } from '@sotto/bytes';
import { type Primitives, Secret, type Suite, type Suites, type UserKeyPairs } from '@sotto/crypto';
import {
  type Chain,
  type ChainDevice,
  type ChainUserKey,
  currentUserKey,
  type DeviceDescription,
  type Envelope,
  openSeed,
  ProtocolPeerFault,
  type SealedSeed,
  type Statement,
  sealSeed,
  statement,
  type UserKeyChange,
  unwrapPreviousSeed,
  wrapPreviousSeed,
} from '@sotto/protocol';
import { writeMeta } from './meta.ts';
import type { SqlStatement } from './ports.ts';
import type { OwnIdentity } from './session.ts';

/** One generation of the account's user key, opened. */
export interface UserKey {
  readonly generation: number;
  readonly seed: Secret;
  readonly keys: UserKeyPairs;
}

interface SeedContext {
  readonly primitives: Primitives;
  readonly suites: Suites;
}

/** A device of the account whose KEM key is at hand: of this installation, or a roaming or recovery device. */
export interface SeedHolder {
  readonly id: Uint8Array;
  readonly kem: Secret;
}

/** The row that keeps a generation's seed in the part `keys`. */
export function keepSeed({ generation, seed }: Pick<UserKey, 'generation' | 'seed'>): SqlStatement {
  return writeMeta(`user-key/${generation}`, seed.unsafeExpose('kept in the encrypted vault'));
}

/**
 * Opens every generation of an account's user key, ascending: the newest with the seed that is sealed to the device, the
 * older ones each by the one after it. `statements` are those of the whole verified chain. Throws `open-failed`, and
 * `chain-body-invalid` if nothing is sealed to the device.
 */
export async function openSeeds(
  { primitives, suites }: SeedContext,
  { chain, statements }: { readonly chain: Chain; readonly statements: readonly Envelope[] },
  holder: SeedHolder,
): Promise<readonly UserKey[]> {
  const suite = suites.byId(chain.suite);
  const parsed = statements.map(({ signed }) => statement.parse(signed));
  const opened: UserKey[] = [];
  let current = await openOwn(suite, { chain, parsed }, holder);
  for (;;) {
    opened.unshift(current);
    const { generation, seed } = current;
    if (generation === 0) return opened;
    const change = parsed.map(changeOf).find((each) => each?.userKey.generation === generation);
    if (change === undefined || change === null) throw missing();
    const binding = { account: chain.fingerprint, generation };
    const previous = await unwrapPreviousSeed(primitives, { seed, wrapped: change.previous }, binding);
    current = await openedAs(suite, chain.userKeys[generation - 1] as ChainUserKey, previous);
  }
}

/**
 * Opens the generations that statements brought, for a device that knows all before them. `chain` is the chain with
 * the statements.
 */
export async function openNewSeeds(
  { suites }: SeedContext,
  { chain, statements }: { readonly chain: Chain; readonly statements: readonly Envelope[] },
  holder: SeedHolder,
): Promise<readonly UserKey[]> {
  const opened: UserKey[] = [];
  for (const { signed } of statements) {
    const change = changeOf(statement.parse(signed));
    const sealed = change?.seeds.find(({ device }) => equal(device, holder.id))?.sealed;
    if (change === null || sealed === undefined) continue;
    const { generation } = change.userKey;
    opened.push(await open(suites.byId(chain.suite), { chain, generation, sealed }, holder));
  }
  return opened;
}

/** The next generation of the user key, sealed to the devices that stay. */
export async function makeUserKeyChange(
  { primitives, suites }: SeedContext,
  {
    chain,
    previous,
    stay,
  }: {
    readonly chain: Chain;
    /** The seed in force. */
    readonly previous: Secret;
    readonly stay: readonly (DeviceDescription & { readonly id: Uint8Array })[];
  },
): Promise<UserKeyChange> {
  const suite = suites.byId(chain.suite);
  const generation = currentUserKey(chain).generation + 1;
  const account = chain.fingerprint;
  using seed = new Secret(primitives.randomBytes(32));
  const { room, container, wrapped } = await suite.userKeys.generate(seed);
  const seeds: SealedSeed[] = [];
  for (const device of stay.toSorted((left, right) => compare(left.id, right.id))) {
    seeds.push({ device: device.id, sealed: await sealSeed(suite, seed, { account, device, generation }) });
  }
  for (const { secretKey } of [room, container]) secretKey.dispose();
  return {
    userKey: { generation, room: room.publicKey, container: container.publicKey, wrapped },
    seeds,
    previous: await wrapPreviousSeed(primitives, { seed, previous }, { account, generation }),
  };
}

/** The generation in force. */
export function newestUserKey({ userKeys }: Pick<OwnIdentity, 'userKeys'>): UserKey {
  return userKeys.at(-1) as UserKey;
}

/** The change that a statement carries, if it carries one. */
function changeOf(parsed: Statement): UserKeyChange | null {
  return 'change' in parsed.body ? parsed.body.change : null;
}

async function openOwn(
  suite: Suite,
  { chain, parsed }: { readonly chain: Chain; readonly parsed: readonly Statement[] },
  holder: SeedHolder,
): Promise<UserKey> {
  for (const each of parsed.toReversed()) {
    const change = changeOf(each);
    const sealed = change?.seeds.find(({ device }) => equal(device, holder.id))?.sealed;
    if (change !== null && sealed !== undefined) {
      return open(suite, { chain, generation: change.userKey.generation, sealed }, holder);
    }
    if (each.type === 'device.add' && each.seq === chain.devices.get(hex(holder.id))?.addedAt) {
      return open(suite, { chain, generation: each.body.generation, sealed: each.body.sealedSeed }, holder);
    }
  }
  throw missing();
}

async function open(
  suite: Suite,
  { chain, generation, sealed }: { readonly chain: Chain; readonly generation: number; readonly sealed: Uint8Array },
  { id, kem }: SeedHolder,
): Promise<UserKey> {
  const device = chain.devices.get(hex(id)) as ChainDevice;
  const published = chain.userKeys[generation] as ChainUserKey;
  const { seed, pairs } = await openSeed(suite, { kem, sealed }, { account: chain.fingerprint, device, published });
  return { generation, seed, keys: pairs };
}

async function openedAs(suite: Suite, published: ChainUserKey, seed: Secret): Promise<UserKey> {
  const { generation, room, container, wrapped } = published;
  return { generation, seed, keys: await suite.userKeys.open(seed, { room, container, wrapped }) };
}

function missing(): ProtocolPeerFault {
  return new ProtocolPeerFault('chain-body-invalid', 'sigchain: no user key is sealed to this device');
}
