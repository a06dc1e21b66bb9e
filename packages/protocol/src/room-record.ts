import { equal, hex } from '@sotto/bytes';
import { type Suites, sha256 } from '@sotto/crypto';
import { activeDevice } from './chain.ts';
import { ProtocolPeerFault, ProtocolPolicyFault } from './fault.ts';
import type { SignedHead } from './head.ts';
import { logHash } from './log.ts';
import {
  type MessageKeyRow,
  messageKeyRowsHash,
  type RecordHeader,
  type SealedRecord,
  signedRecord,
} from './record.ts';
import { isAdmin, mayWrite } from './rights.ts';
import {
  checkClaimedExtent,
  currentEra,
  type DevicePosition,
  type RoomMember,
  type RoomState,
  type Witness,
} from './room-state.ts';
import { nameExtent } from './room-statement.ts';

export interface RecordInput {
  readonly record: SealedRecord;
  /** The rows of its message keys, as they lie beside it; null under keying `era`. */
  readonly keyRows: readonly MessageKeyRow[] | null;
  readonly witness: Witness;
  /** Throws `head-invalid` unless the cluster signed this head of the room. */
  readonly verifySeen: (head: SignedHead) => Promise<void>;
  /**
   * Take a record although records of its device before it are missing: what a reader does after asking again, so
   * that a gap is shown and never stops a room. A server never does.
   */
  readonly acceptGap: boolean;
  /**
   * The position at which this side began to judge: 0 for everybody who read the log from its beginning. A device that
   * wrote below it and what lies there are not known: neither confirms nor contradicts.
   */
  readonly floor?: number;
}

/** A record that passed every check at its position. Only `applyRecord` makes one. */
export interface VerifiedRecord {
  readonly n: number;
  readonly header: RecordHeader;
  readonly hash: Uint8Array;
  readonly body: Uint8Array | null;
  /** True for the second of two records that stand for one: it is counted and not shown. */
  readonly duplicate: boolean;
  /** True if records of its device before it are missing. */
  readonly gap: boolean;
}

/**
 * Judges the record at position `state.length`. Throws a typed fault and changes nothing if it is refused; the caller
 * then takes `skipEntry`, or keeps the record aside for `pending-chain` and `seq-gap`. The body may be missing (dropped),
 * but never another.
 */
export async function applyRecord(
  suites: Suites,
  state: RoomState,
  input: RecordInput,
): Promise<{ readonly state: RoomState; readonly record: VerifiedRecord }> {
  const [header, bodyHash] = signedRecord.parse(input.record.signed);
  const hash = sha256(input.record.signed);
  const member = checkStanding(state, header);
  await verifyAuthor(suites, { header, input, member });
  if (input.record.body !== null && !equal(sha256(input.record.body), bodyHash)) {
    throw new ProtocolPeerFault('log-broken', 'a body that was not signed');
  }
  checkEra(state, header, input.keyRows);
  await checkSeen(state, header, input);
  await checkDrops(state, header, { member, input });
  const position = state.devices[hex(header.device)] ?? null;
  const duplicate = await isDuplicate(header, { hash, position, witness: input.witness });
  const gap = !duplicate && checkSequence(state, header, { position, input });
  const next = advance(nameExtent(state, header.author, header.chain), { header, hash, position, duplicate });
  return { state: next, record: { n: state.length, header, hash, body: input.record.body, duplicate, gap } };
}

function checkStanding(state: RoomState, header: RecordHeader): RoomMember {
  if (!equal(header.room, state.id)) throw new ProtocolPeerFault('wrong-room', 'a record of another room');
  if (state.closed) throw new ProtocolPolicyFault('room-closed', 'the room is closed');
  const member = state.members[hex(header.author)];
  if (member === undefined) throw new ProtocolPeerFault('record-author-unknown', 'written by no member of the room');
  if (header.class === 'content' && !mayWrite(member.role)) {
    throw new ProtocolPolicyFault('role-insufficient', 'a reader writes receipts alone');
  }
  return member;
}

async function verifyAuthor(
  suites: Suites,
  {
    header,
    input,
    member,
  }: { readonly header: RecordHeader; readonly input: RecordInput; readonly member: RoomMember },
): Promise<void> {
  const chain = await input.witness.chain(member.fingerprint);
  checkClaimedExtent(chain, header.chain);
  const device = activeDevice(chain, header.device, header.chain.length);
  if (device === null || device.kind !== 'keybox') {
    throw new ProtocolPeerFault('device-unendorsed', 'signed by no active device of its author');
  }
  if (chain.suite !== header.suite) throw invalid('written in another suite than its author');
  const { signed, signature } = input.record;
  await suites.byId(chain.suite).signature.verify(device.signing, 'sotto/record/v1', signed, signature);
}

function checkEra(state: RoomState, header: RecordHeader, keyRows: readonly MessageKeyRow[] | null): void {
  const era = currentEra(state);
  if (header.era !== era.era) throw new ProtocolPeerFault('era-superseded', 'not the era in force at its position');
  if (!era.valid) throw new ProtocolPeerFault('era-table-invalid', 'written under a void era');
  const row = era.rows.find(({ fingerprint }) => equal(fingerprint, header.author));
  if (row === undefined || header.chain.length < row.length) throw invalid('a chain older than the era knows');
  if ((header.keys !== null) !== (state.keying === 'per-message')) throw invalid('keyed otherwise than its room');
  if (header.keys === null) return;
  const expected = new Set(era.rows.map(({ fingerprint, generation }) => `${hex(fingerprint)}/${generation}`));
  if (keyRows === null || !equal(messageKeyRowsHash(keyRows), header.keys.rows)) {
    throw new ProtocolPeerFault('log-broken', 'message keys that are not those that were signed');
  }
  const exact =
    keyRows.length === expected.size && keyRows.every((r) => expected.delete(`${hex(r.fingerprint)}/${r.generation}`));
  if (!exact) throw new ProtocolPeerFault('era-table-invalid', 'message keys for others than the members');
}

async function checkSeen(state: RoomState, header: RecordHeader, input: RecordInput): Promise<void> {
  const { seen } = header;
  const last = state.devices[hex(header.device)]?.seenLength ?? 0;
  if (seen.length < last) throw badSeen('older than what the device saw before');
  try {
    await input.verifySeen(seen);
  } catch (cause) {
    throw cause instanceof ProtocolPeerFault && cause.code === 'head-invalid'
      ? badSeen('not signed by the cluster')
      : cause;
  }
  // Nobody but the cluster can have signed it: what we are shown is shorter than what it showed the author.
  if (seen.length > state.length) throw new ProtocolPeerFault('rollback', 'the cluster signed a longer log before');
  const hash = seen.length === state.length ? state.hash : await input.witness.hashAt(seen.length);
  if (hash !== null && !equal(hash, seen.hash)) {
    throw new ProtocolPeerFault('room-forked', 'the cluster signed another past of this room');
  }
}

async function checkDrops(
  state: RoomState,
  header: RecordHeader,
  { member, input }: { readonly member: RoomMember; readonly input: RecordInput },
): Promise<void> {
  const { witness, floor = 0 } = input;
  for (const n of header.drops) {
    if (n < floor) continue;
    const dropped = n < state.length ? await witness.recordAt(n) : null;
    if (dropped === null) throw invalid('drops what is no record');
    if (!isAdmin(member.role) && !equal(dropped.author, header.author))
      throw invalid('drops the record of somebody else');
  }
}

async function isDuplicate(
  header: RecordHeader,
  {
    hash,
    position,
    witness,
  }: { readonly hash: Uint8Array; readonly position: DevicePosition | null; readonly witness: Witness },
): Promise<boolean> {
  if (header.replaces === null || position === null || header.seq > position.seq) return false;
  if (position.prevs.some((prev) => equal(prev, hash))) return false;
  const first = await witness.recordHash(header.device, header.seq);
  return first !== null && equal(first, header.replaces);
}

function checkSequence(
  state: RoomState,
  header: RecordHeader,
  { position, input }: { readonly position: DevicePosition | null; readonly input: RecordInput },
): boolean {
  const { acceptGap, floor = 0 } = input;
  if (position === null && floor > 0) return false;
  const due = (position?.seq ?? 0) + 1;
  if (header.seq < due) throw new ProtocolPeerFault('seq-conflict', 'a sequence number that was used before');
  const prevs = position?.prevs ?? [state.id];
  const gap = header.seq > due || !prevs.some((prev) => equal(prev, header.prev));
  if (gap && !acceptGap) throw new ProtocolPeerFault('seq-gap', 'records of this device before it are missing');
  return gap;
}

function advance(
  state: RoomState,
  entry: {
    readonly header: RecordHeader;
    readonly hash: Uint8Array;
    readonly position: DevicePosition | null;
    readonly duplicate: boolean;
  },
): RoomState {
  const { header, hash, position, duplicate } = entry;
  const era = currentEra(state);
  const counted = header.class === 'content' ? era.records + 1 : era.records;
  const twin = duplicate && position !== null ? position : null;
  const moved: DevicePosition = {
    seq: twin?.seq ?? header.seq,
    // Of a pair that came twice either may be what the next record follows; one further back never is.
    prevs: twin === null ? [hash] : twin.seq === header.seq ? [...twin.prevs, hash] : twin.prevs,
    seenLength: header.seen.length,
  };
  return {
    ...state,
    length: state.length + 1,
    hash: logHash(state.hash, state.length, hash),
    eras: [...state.eras.slice(0, -1), { ...era, records: counted }],
    devices: { ...state.devices, [hex(header.device)]: moved },
  };
}

function invalid(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('record-invalid', `record: ${what}`);
}

function badSeen(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('bad-seen', `seen: ${what}`);
}
