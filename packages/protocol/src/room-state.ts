import { equal, hex } from '@sotto/bytes';
import type { Address } from './address.ts';
import type { Chain } from './chain.ts';
import { ProtocolPeerFault, ProtocolPolicyFault } from './fault.ts';
import type { Extent } from './format.ts';
import { logHash } from './log.ts';
import type { Keying, Role, RoomPolicy, RoomType, TableRow } from './roster.ts';

/** What a reader knows of a room after verifying its log up to `length`. Immutable, and made of CBOR values alone. */
export type RoomState = {
  readonly id: Uint8Array;
  readonly type: RoomType;
  readonly keying: Keying;
  readonly minimumSuite: number;
  readonly policy: RoomPolicy;
  readonly closed: boolean;
  /** Entries verified so far, refused ones included, and the log hash after them. */
  readonly length: number;
  readonly hash: Uint8Array;
  /** SHA-256 of the newest roster statement that counted. */
  readonly statementHash: Uint8Array;
  /** By fingerprint in hexadecimal. */
  readonly members: { readonly [fingerprint: string]: RoomMember };
  /** Every account that ever was a member, for showing who wrote what. */
  readonly people: { readonly [fingerprint: string]: Address };
  readonly eras: readonly RoomEra[];
  /** By device id in hexadecimal. */
  readonly devices: { readonly [device: string]: DevicePosition };
  /** Set by a leave; a new era clears it. */
  readonly rekeyDue: boolean;
  /** Fingerprints, in hexadecimal, of those who complained of the era in force. */
  readonly complaints: readonly string[];
};

export type RoomMember = {
  readonly address: Address;
  readonly fingerprint: Uint8Array;
  readonly role: Role;
  /** The longest extent of the member's chain that the log names. */
  readonly named: Extent;
  readonly since: number;
};

export type RoomEra = {
  readonly era: number;
  /** Position of the statement that started it. */
  readonly n: number;
  readonly at: number;
  readonly author: Uint8Array;
  readonly commitment: Uint8Array;
  readonly previousCommitment: Uint8Array | null;
  readonly link: Uint8Array | null;
  readonly table: Uint8Array;
  readonly entries: Uint8Array;
  readonly history: RoomPolicy['history'];
  /** False if the table does not name exactly the members: the era is void for its secret. */
  readonly valid: boolean;
  /** The table in force: the era's rows and those of later adds, sorted by fingerprint. */
  readonly rows: readonly TableRow[];
  /** Records written under it. */
  readonly records: number;
};

export type DevicePosition = {
  readonly seq: number;
  /** Hashes that the next record's `prev` may name: more than one only after a `replaces` that came twice. */
  readonly prevs: readonly Uint8Array[];
  readonly seenLength: number;
};

/** What judging an entry needs beyond the room's own state. */
export interface Witness {
  /** The member's chain as far as this side has verified it; null if it has none. */
  chain(fingerprint: Uint8Array): Promise<Chain | null>;
  /** The log hash that this side verified at `length` entries; null only below where it began to verify. */
  hashAt(length: number): Promise<Uint8Array | null>;
  /** The record that counted at a position; null for a statement and for an entry that was refused. */
  recordAt(n: number): Promise<{ readonly author: Uint8Array } | null>;
  /** Hash of the first record that counted under a device's seq. */
  recordHash(device: Uint8Array, seq: number): Promise<Uint8Array | null>;
}

/** The era in force. */
export function currentEra(state: RoomState): RoomEra {
  const era = state.eras.at(-1);
  if (era === undefined) throw new ProtocolPeerFault('roster-invalid', 'a room without an era');
  return era;
}

/** The era that an era's link opens; null if it has none. */
export function linkedEra(state: RoomState, { link, previousCommitment }: RoomEra): RoomEra | null {
  if (link === null || previousCommitment === null) return null;
  return state.eras.findLast(({ commitment }) => equal(commitment, previousCommitment)) ?? null;
}

export function memberOf(state: RoomState, fingerprint: Uint8Array): RoomMember | null {
  return state.members[hex(fingerprint)] ?? null;
}

/** The state after an entry that is refused: its position counts, nothing else does. */
export function skipEntry(state: RoomState, signedHash: Uint8Array): RoomState {
  return { ...state, length: state.length + 1, hash: logHash(state.hash, state.length, signedHash) };
}

/**
 * Checks that a chain extent which a member claims is on the chain we verified. Throws `pending-chain` if we have not
 * got that far, `identity-conflict` if we have and it is another.
 */
export function checkClaimedExtent(chain: Chain | null, claimed: Extent): asserts chain is Chain {
  if (chain === null || chain.hashes.length < claimed.length) {
    throw new ProtocolPeerFault('pending-chain', 'a chain that is not known as far as the entry names it');
  }
  const hash = chain.hashes[claimed.length - 1] as Uint8Array;
  if (hex(hash) !== hex(claimed.hash)) {
    throw new ProtocolPeerFault('identity-conflict', 'an entry that names another past of its account');
  }
}

export function rosterInvalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('roster-invalid', `roster: ${what}`);
}

export function roleInsufficient(what: string): ProtocolPolicyFault {
  return new ProtocolPolicyFault('role-insufficient', `the role does not allow to ${what}`);
}
