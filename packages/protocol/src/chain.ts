import { equal, hex } from '@sotto/bytes';
import { type Secret, type Suite, type Suites, sha256 } from '@sotto/crypto';
import type { Address } from './address.ts';
import { type DeviceDescription, type DeviceKind, deviceId } from './device.ts';
import type { Envelope } from './envelope.ts';
import { ProtocolPeerFault } from './fault.ts';
import type { Extent } from './format.ts';
import { MAX_DEVICES } from './limits.ts';
import { type Statement, statement, type UserKeyChange, type UserKeyGeneration } from './statement.ts';

/** A device as a verified chain knows it. */
export interface ChainDevice extends DeviceDescription {
  readonly id: Uint8Array;
  /** `seq` of the statement that admitted it. */
  readonly addedAt: number;
  /** `seq` of the statement that revoked it. */
  readonly revokedAt: number | null;
  /** When a device on a borrowed computer is to be revoked, milliseconds; null for one that stays. */
  readonly expiresAt: number | null;
}

/** A user-key generation and the `seq` of the statement that brought it. */
export interface ChainUserKey extends UserKeyGeneration {
  readonly since: number;
  /** Id of the device that made it, and so knew its seed. */
  readonly by: Uint8Array;
}

/**
 * An account's verified sigchain: made only by `beginChain` and `extendChain` (every rule and signature checked) or
 * `restoreChain` (from a store that holds what was verified before). Immutable.
 */
export interface Chain {
  readonly fingerprint: Uint8Array;
  readonly address: Address;
  readonly suite: number;
  readonly ca: Uint8Array;
  readonly policyKey: Uint8Array;
  /** Hash of each statement's signed bytes; its last is the head. */
  readonly hashes: readonly Uint8Array[];
  readonly devices: ReadonlyMap<string, ChainDevice>;
  readonly userKeys: readonly ChainUserKey[];
  readonly bundle: { readonly version: number; readonly hash: Uint8Array } | null;
}

/** Verifies a genesis for the address it was asked for. Throws `chain-genesis-invalid` and the faults of `extendChain`. */
export async function beginChain(suites: Suites, envelope: Envelope, expected: Address): Promise<Chain> {
  const parsed = statement.parse(envelope.signed);
  const chain = genesisChain(parsed, envelope.signed);
  if (chain.address !== expected) throw genesisInvalid('the genesis is of another address');
  await verifySigners(suites, chain, { envelope, parsed });
  return chain;
}

/**
 * Verifies and appends one statement. Throws `chain-broken` (seq, prev, account), `chain-signer-invalid` (a signer
 * that is not an active device of a kind allowed to sign this type), `chain-body-invalid`, `bad-signature`.
 */
export async function extendChain(suites: Suites, chain: Chain, envelope: Envelope): Promise<Chain> {
  const parsed = statement.parse(envelope.signed);
  checkLink(chain, parsed);
  await verifySigners(suites, chain, { envelope, parsed });
  return apply(chain, parsed, sha256(envelope.signed));
}

/** Verifies a whole chain from its genesis. */
export async function verifyChain(suites: Suites, envelopes: readonly Envelope[], expected: Address): Promise<Chain> {
  const [genesis, ...rest] = envelopes;
  if (genesis === undefined) throw genesisInvalid('an empty chain');
  let chain = await beginChain(suites, genesis, expected);
  for (const next of rest) chain = await extendChain(suites, chain, next);
  return chain;
}

/** Re-builds a chain from statements that this program verified before it stored them; signatures are not checked again. */
export function restoreChain(envelopes: readonly Envelope[]): Chain {
  const [genesis, ...rest] = envelopes;
  if (genesis === undefined) throw genesisInvalid('an empty chain');
  let chain = genesisChain(statement.parse(genesis.signed), genesis.signed);
  for (const next of rest) {
    const parsed = statement.parse(next.signed);
    checkLink(chain, parsed);
    chain = apply(chain, parsed, sha256(next.signed));
  }
  return chain;
}

/** Signs a statement with the devices that it names, in order. */
export async function signStatement(suite: Suite, value: Statement, signingKeys: readonly Secret[]): Promise<Envelope> {
  const signed = statement.encode(value);
  const signatures: Uint8Array[] = [];
  for (const key of signingKeys) signatures.push(await suite.signature.sign(key, 'sotto/statement/v1', signed));
  return { signed, signatures };
}

export function chainExtent(chain: Chain): Extent {
  return { length: chain.hashes.length, hash: chain.hashes.at(-1) as Uint8Array };
}

/** True if `chain` passes through `past`: same hash at that length. */
export function chainExtends(chain: Chain, past: Extent): boolean {
  const hash = chain.hashes[past.length - 1];
  return hash !== undefined && equal(hash, past.hash);
}

/** The device, if it was admitted and not revoked when the chain had `length` statements; else null. */
export function activeDevice(chain: Chain, id: Uint8Array, length: number = chain.hashes.length): ChainDevice | null {
  const device = chain.devices.get(hex(id));
  if (device === undefined || device.addedAt >= length) return null;
  return device.revokedAt === null || device.revokedAt >= length ? device : null;
}

/** The devices that are active, in the order of admission. */
export function activeDevices(chain: Chain): readonly ChainDevice[] {
  return [...chain.devices.values()].filter(({ revokedAt }) => revokedAt === null);
}

/** The user-key generation in force when the chain had `length` statements. */
export function currentUserKey(chain: Chain, length: number = chain.hashes.length): ChainUserKey {
  return chain.userKeys.findLast(({ since }) => since < length) as ChainUserKey;
}

function genesisChain(parsed: Statement, signed: Uint8Array): Chain {
  if (parsed.type !== 'genesis') throw genesisInvalid('the first statement is not a genesis');
  const { body, suite } = parsed;
  if (parsed.account !== null || parsed.prev !== null || parsed.seq !== 0)
    throw genesisInvalid('not the first of a chain');
  if (body.device.kind !== 'keybox' || body.userKey.generation !== 0) throw genesisInvalid('not a first installation');
  const id = deviceId(suite, body.device);
  const fingerprint = sha256(signed);
  return {
    fingerprint,
    address: body.address,
    suite,
    ca: body.ca,
    policyKey: body.policyKey,
    hashes: [fingerprint],
    devices: new Map([[hex(id), { ...body.device, id, addedAt: 0, revokedAt: null, expiresAt: null }]]),
    userKeys: [{ ...body.userKey, since: 0, by: id }],
    bundle: null,
  };
}

function checkLink(chain: Chain, parsed: Statement): void {
  const { length, hash } = chainExtent(chain);
  if (parsed.type === 'genesis') throw broken('a second genesis');
  if (parsed.account === null || !equal(parsed.account, chain.fingerprint)) throw broken('of another account');
  if (parsed.seq !== length) throw broken(`seq ${parsed.seq} where ${length} is due`);
  if (parsed.prev === null || !equal(parsed.prev, hash)) throw broken('prev is not the hash before it');
  if (parsed.suite !== chain.suite) throw broken('of another suite');
}

async function verifySigners(
  suites: Suites,
  chain: Chain,
  { envelope, parsed }: { readonly envelope: Envelope; readonly parsed: Statement },
): Promise<void> {
  const { signature } = suites.byId(parsed.suite);
  if (envelope.signatures.length !== parsed.signers.length) throw signerInvalid('one signature a signer is due');
  if (new Set(parsed.signers.map(hex)).size !== parsed.signers.length) throw signerInvalid('a signer named twice');
  const devices = parsed.signers.map((signer) => activeDevice(chain, signer));
  if (!devices.every((device) => device !== null)) throw signerInvalid('a signer is no active device of this chain');
  checkSigners(chain, parsed, devices);
  for (const [index, device] of devices.entries()) {
    const made = envelope.signatures[index] as Uint8Array;
    await signature.verify(device.signing, 'sotto/statement/v1', envelope.signed, made);
  }
}

/** Which kinds of device may sign what; docs/spec/statement.md has the table. */
function checkSigners(chain: Chain, parsed: Statement, devices: readonly ChainDevice[]): void {
  const kinds = devices.map(({ kind }) => kind);
  const [first, ...more] = kinds as [DeviceKind, ...DeviceKind[]];
  const refuse = () => signerInvalid(`${kinds.join(' and ')} sign no such ${parsed.type}`);
  if (parsed.type === 'device.revoke' && targetOf(chain, parsed.body.device).kind === 'recovery') {
    const isItself = more.length === 0 && equal(parsed.signers[0] as Uint8Array, parsed.body.device);
    if (!isItself && kinds.length !== 2) throw refuse();
    return;
  }
  if (more.length > 0) throw refuse();
  const mayAdd = parsed.type === 'device.add' && parsed.body.device.kind === 'keybox';
  const mayRotate = parsed.type === 'device.revoke' || parsed.type === 'userkey.rotate';
  if (first === 'roaming' && !mayAdd) throw refuse();
  if (first === 'recovery' && !mayAdd && !mayRotate) throw refuse();
}

function targetOf(chain: Chain, id: Uint8Array): ChainDevice {
  const device = activeDevice(chain, id);
  if (device === null) throw bodyInvalid('revokes what is no active device');
  return device;
}

function apply(chain: Chain, parsed: Statement, hash: Uint8Array): Chain {
  const next = { ...chain, hashes: [...chain.hashes, hash] };
  switch (parsed.type) {
    case 'device.add':
      if (parsed.body.generation !== currentUserKey(chain).generation) throw bodyInvalid('not the current user key');
      return admit(next, parsed.body.device, { seq: parsed.seq, expiresAt: parsed.body.expiresAt });
    case 'bundle.set':
      return setBundle(next, parsed.body);
    case 'device.revoke':
      return rotate(revoke(next, [targetOf(chain, parsed.body.device)], parsed.seq), parsed.body.change, parsed);
    case 'userkey.rotate':
      return rotate(next, parsed.body.change, parsed);
    case 'passphrase.change': {
      const { roaming, change, bundle } = parsed.body;
      if (roaming !== null && roaming.kind !== 'roaming') throw bodyInvalid('not a roaming device');
      const old = activeDevices(chain).filter(({ kind }) => kind === 'roaming');
      const without = revoke(setBundle(next, bundle), old, parsed.seq);
      const added = { seq: parsed.seq, expiresAt: null };
      return rotate(roaming === null ? without : admit(without, roaming, added), change, parsed);
    }
    default:
      throw broken('a second genesis');
  }
}

function setBundle(chain: Chain, bundle: { readonly version: number; readonly hash: Uint8Array }): Chain {
  if (bundle.version <= (chain.bundle?.version ?? 0)) throw bodyInvalid('a bundle version that does not rise');
  return { ...chain, bundle };
}

function admit(
  chain: Chain,
  device: DeviceDescription,
  { seq, expiresAt }: { readonly seq: number; readonly expiresAt: number | null },
): Chain {
  const id = deviceId(chain.suite, device);
  const active = activeDevices(chain);
  if (chain.devices.has(hex(id))) throw bodyInvalid('a device that the chain has already');
  if ([...chain.devices.values()].some(({ name }) => name === device.name)) {
    throw bodyInvalid('a device name that was used before');
  }
  if (active.length >= MAX_DEVICES) throw bodyInvalid('too many devices');
  if (device.kind !== 'keybox' && expiresAt !== null) throw bodyInvalid('only installations are borrowed');
  if (device.kind !== 'keybox' && active.some(({ kind }) => kind === device.kind)) {
    throw bodyInvalid(`a second ${device.kind} device`);
  }
  const devices = new Map(chain.devices).set(hex(id), { ...device, id, addedAt: seq, revokedAt: null, expiresAt });
  return { ...chain, devices };
}

function revoke(chain: Chain, revoked: readonly ChainDevice[], seq: number): Chain {
  const devices = new Map(chain.devices);
  for (const device of revoked) devices.set(hex(device.id), { ...device, revokedAt: seq });
  if (![...devices.values()].some(({ revokedAt }) => revokedAt === null)) throw bodyInvalid('revokes the last device');
  return { ...chain, devices };
}

/** Every device that stays gets the new seed, and nobody else. */
function rotate(chain: Chain, { userKey, seeds }: UserKeyChange, { seq, signers }: Statement): Chain {
  if (userKey.generation !== currentUserKey(chain).generation + 1) throw bodyInvalid('not the next user key');
  const due = activeDevices(chain).map(({ id }) => hex(id));
  const sealed = seeds.map(({ device }) => hex(device));
  if (sealed.join() !== due.toSorted().join()) throw bodyInvalid('not one sealed seed for each device that stays');
  const by = signers[0] as Uint8Array;
  return { ...chain, userKeys: [...chain.userKeys, { ...userKey, since: seq, by }] };
}

function genesisInvalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('chain-genesis-invalid', `genesis: ${what}`);
}

function broken(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('chain-broken', `sigchain: ${what}`);
}

function signerInvalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('chain-signer-invalid', `sigchain: ${what}`);
}

function bodyInvalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('chain-body-invalid', `sigchain: ${what}`);
}
