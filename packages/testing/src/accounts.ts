import { hex } from '@sotto/bytes';
import { Secret, type Suite, sha256 } from '@sotto/crypto';
import {
  type Address,
  beginChain,
  type Chain,
  chainExtent,
  currentUserKey,
  type DeviceDescription,
  type DeviceKind,
  type DeviceName,
  deviceId,
  type Envelope,
  extendChain,
  type SealedSeed,
  type Statement,
  sealSeed,
  signStatement,
  type UserKeyChange,
  wrapPreviousSeed,
} from '@sotto/protocol';
import type { TestWorld } from './world.ts';

/** A device with its secret keys. */
export interface TestDevice {
  readonly id: Uint8Array;
  readonly description: DeviceDescription;
  readonly signing: Secret;
  readonly kem: Secret;
  /** PKCS#8. */
  readonly certificate: Secret;
}

/** An account as its owner has it. Immutable: `addDevice` and `setBundle` return the newer one. */
export interface TestAccount {
  readonly address: Address;
  readonly suite: Suite;
  readonly chain: Chain;
  /** The chain's statements as they travel. */
  readonly statements: readonly Envelope[];
  readonly devices: readonly TestDevice[];
  /** Seed of the newest user-key generation. */
  readonly seed: Secret;
  /** The secret halves of the user key. */
  readonly room: Secret;
  readonly container: Secret;
}

export interface AccountOptions {
  readonly address: Address;
  readonly suite: string;
  /** Name of the first device; `laptop` unless said otherwise. */
  readonly device?: string;
  /** Fingerprint of the home server's CA. */
  readonly ca?: Uint8Array;
  /** Fingerprint of the organisation's policy key. */
  readonly policyKey?: Uint8Array;
}

/** Makes keys and genesis of an account. */
export async function makeAccount(world: TestWorld, options: AccountOptions): Promise<TestAccount> {
  const suite = world.suites.byName(options.suite);
  const first = await makeDevice(suite, { name: options.device ?? 'laptop', kind: 'keybox' });
  const seed = new Secret(world.primitives.randomBytes(32));
  const { room, container, wrapped } = await suite.userKeys.generate(seed);
  const genesis: Statement = {
    v: 1,
    suite: suite.id,
    type: 'genesis',
    account: null,
    seq: 0,
    prev: null,
    at: world.now(),
    signers: [first.id],
    body: {
      address: options.address,
      device: first.description,
      userKey: { generation: 0, room: room.publicKey, container: container.publicKey, wrapped },
      ca: options.ca ?? CA_FINGERPRINT,
      policyKey: options.policyKey ?? POLICY_KEY_FINGERPRINT,
    },
  };
  const envelope = await signStatement(suite, genesis, [first.signing]);
  const chain = await beginChain(world.suites, envelope, options.address);
  return {
    address: options.address,
    suite,
    chain,
    statements: [envelope],
    devices: [first],
    seed,
    room: room.secretKey,
    container: container.secretKey,
  };
}

/** Makes a device's keys; no chain knows it yet. */
export async function makeDevice(
  suite: Suite,
  { name, kind }: { readonly name: string; readonly kind: DeviceKind },
): Promise<TestDevice> {
  const signing = await suite.signature.generate();
  const kem = await suite.kem.generate();
  const certificate = await suite.certificateKey.generate();
  const description: DeviceDescription = {
    kind,
    name: name as DeviceName,
    signing: signing.publicKey,
    kem: kem.publicKey,
    spki: sha256(certificate.publicKey),
  };
  return {
    id: deviceId(suite.id, description),
    description,
    signing: signing.secretKey,
    kem: kem.secretKey,
    certificate: certificate.secretKey,
  };
}

/** Admits a new device, signed by the account's first, and makes the world know it. */
export async function addDevice(
  world: TestWorld,
  account: TestAccount,
  options: { readonly name: string; readonly kind?: DeviceKind },
): Promise<TestAccount> {
  const device = await makeDevice(account.suite, { name: options.name, kind: options.kind ?? 'keybox' });
  const { generation } = currentUserKey(account.chain);
  const sealedSeed = await sealSeed(account.suite, account.seed, {
    account: account.chain.fingerprint,
    device: device.description,
    generation,
  });
  const statement = draftStatement(world, account, {
    type: 'device.add',
    body: { device: device.description, generation, sealedSeed, expiresAt: null },
  });
  const next = await extendAccount(world, account, statement);
  const grown = { ...next, devices: [...next.devices, device] };
  world.learn(grown);
  return grown;
}

/** Names a sealed account bundle in the chain. */
export async function setBundle(
  world: TestWorld,
  account: TestAccount,
  bundle: { readonly version: number; readonly hash: Uint8Array },
): Promise<TestAccount> {
  return extendAccount(world, account, draftStatement(world, account, { type: 'bundle.set', body: bundle }));
}

/** Revokes a device, signed by the account's first, with a new user key for those that stay. */
export async function revokeDevice(world: TestWorld, account: TestAccount, device: TestDevice): Promise<TestAccount> {
  const stay = account.devices.filter(({ id }) => id !== device.id);
  const { change, next } = await changeUserKey(world, account, stay);
  const statement = draftStatement(world, account, { type: 'device.revoke', body: { device: device.id, change } });
  const grown = { ...(await extendAccount(world, account, statement)), ...next, devices: stay };
  world.learn(grown);
  return grown;
}

/** The next user-key generation for the devices given, and what the account is with it. */
export async function changeUserKey(
  world: TestWorld,
  account: TestAccount,
  devices: readonly TestDevice[],
): Promise<{ readonly change: UserKeyChange; readonly next: Pick<TestAccount, 'seed' | 'room' | 'container'> }> {
  const { suite, chain } = account;
  const generation = currentUserKey(chain).generation + 1;
  const seed = new Secret(world.primitives.randomBytes(32));
  const { room, container, wrapped } = await suite.userKeys.generate(seed);
  const seeds: SealedSeed[] = [];
  for (const { id, description } of devices.toSorted((left, right) => compare(left.id, right.id))) {
    const binding = { account: chain.fingerprint, device: description, generation };
    seeds.push({ device: id, sealed: await sealSeed(suite, seed, binding) });
  }
  const wrap = { seed, previous: account.seed };
  const previous = await wrapPreviousSeed(world.primitives, wrap, { account: chain.fingerprint, generation });
  const userKey = { generation, room: room.publicKey, container: container.publicKey, wrapped };
  return { change: { userKey, seeds, previous }, next: { seed, room: room.secretKey, container: container.secretKey } };
}

function compare(left: Uint8Array, right: Uint8Array): number {
  return hex(left) < hex(right) ? -1 : 1;
}

type Content = Statement extends infer Each
  ? Each extends { type: string; body: unknown }
    ? Pick<Each, 'type' | 'body'>
    : never
  : never;

/** The next statement of an account's chain, not yet signed; its signer is the first device. */
export function draftStatement(world: TestWorld, account: TestAccount, content: Content): Statement {
  const { length, hash } = chainExtent(account.chain);
  return {
    v: 1,
    suite: account.suite.id,
    account: account.chain.fingerprint,
    seq: length,
    prev: hash,
    at: world.now(),
    signers: [firstDevice(account).id],
    ...content,
  };
}

/** Signs a statement with the account's first device, verifies it and makes the world know the longer chain. */
export async function extendAccount(
  world: TestWorld,
  account: TestAccount,
  statement: Statement,
): Promise<TestAccount> {
  const envelope = await signStatement(account.suite, statement, [firstDevice(account).signing]);
  const chain = await extendChain(world.suites, account.chain, envelope);
  const next = { ...account, chain, statements: [...account.statements, envelope] };
  world.learn(next);
  return next;
}

export function firstDevice(account: TestAccount): TestDevice {
  return account.devices[0] as TestDevice;
}

const CA_FINGERPRINT = sha256(Uint8Array.of(1));
const POLICY_KEY_FINGERPRINT = sha256(Uint8Array.of(2));
