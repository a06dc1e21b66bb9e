import { equal, Fault, hex } from '@sotto/bytes';
import { type LogEntry, ProtocolPolicyFault, type RoomState, type SignedHead } from '@sotto/protocol';
import { evidence } from './heads.ts';
import { keyLogEntryOnce } from './key-log.ts';
import { reopenRecords } from './reopen.ts';
import { broken, type Halt, RoomBatch, type RoomReader } from './room-batch.ts';
import { type KeptRoom, readRoom, writeRoom } from './room-store.ts';
import type { Session } from './session.ts';

/**
 * Reads a room's log up to the server's newest head, verifies every entry at its own position and keeps the result in
 * one transaction per head. An entry that every reader refuses takes its position, is told of in the key log, and never
 * stops the room; where readers could differ judging halts, what stands before is kept, and the fault is thrown. Throws
 * `rollback`, `room-forked`, `identity-conflict`, `pending-chain`, `log-broken` (entries that do not lead to the signed
 * head), `not-a-member` (a room in which this account never was), `unreachable`.
 */
export async function syncRoom(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  const { session, heads } = reader;
  const kept = await readRoom(session.keys, id);
  const batch = new RoomBatch(reader, id, kept);
  try {
    const first = await session.link.call('rooms.read', { room: id, from: batch.extent.length, limit: PAGE });
    const headKept = await heads.accept({ kind: 'room', id }, first.head);
    await readUpTo(first.head.length, { session, id, batch, entries: first.entries });
    checkHash(batch, first.head);
    const { halt } = batch;
    if (halt !== null) return await haltRoom(reader, batch, { halt, head: first.head });
    if (!batch.isKeepable) throw new ProtocolPolicyFault('not-a-member', 'the server shows a room of others');
    await batch.commit([headKept]);
  } catch (cause) {
    await tellWhy(session, id, cause);
    throw cause;
  }
  await reopenRecords(reader, id);
  return (await readRoom(session.keys, id)) as KeptRoom;
}

/** Verifies the first `length` entries of a room's log once more from nothing, and keeps none of it. */
export async function replayRoom(reader: RoomReader, id: Uint8Array, length: number): Promise<RoomState> {
  const { link } = reader.session;
  const batch = new RoomBatch(reader, id, null);
  const { entries } = await link.call('rooms.read', { room: id, from: 0, limit: PAGE });
  await readUpTo(length, { session: reader.session, id, batch, entries });
  if (batch.halt !== null) throw batch.halt.fault;
  if (batch.state === null) throw broken('a room without entries');
  return batch.state;
}

async function readUpTo(
  length: number,
  {
    session,
    id,
    batch,
    entries,
  }: {
    readonly session: Session;
    readonly id: Uint8Array;
    readonly batch: RoomBatch;
    readonly entries: readonly LogEntry[];
  },
): Promise<void> {
  let page = entries;
  for (;;) {
    const due = page.filter(({ n }) => n < length);
    for (const entry of due) await batch.take(entry);
    if (batch.extent.length >= length || (due.length === 0 && batch.outside)) return;
    if (due.length === 0) throw broken('the server signed a head and withholds entries below it');
    page = (await session.link.call('rooms.read', { room: id, from: batch.extent.length, limit: PAGE })).entries;
  }
}

function checkHash({ extent, outside }: RoomBatch, head: SignedHead): void {
  if (extent.length === 0) throw broken('a room without entries');
  if (outside && extent.length < head.length) return;
  if (!equal(extent.hash, head.hash)) throw broken('the entries do not lead to the head that the server signed');
}

/** Keeps what stands before the entry that halts the room, and the heads that cannot both be true, and throws. */
async function haltRoom(
  { session }: RoomReader,
  batch: RoomBatch,
  { halt, head }: { readonly halt: Halt; readonly head: SignedHead },
): Promise<never> {
  const { fault, seen } = halt;
  const { clock, keys } = session;
  if (batch.isKeepable) {
    const room = await batch.commit([]);
    if (seen !== null) {
      await keys.apply([
        evidence(clock.now(), { kind: 'room', id: room.state.id }, { code: fault.code, heads: [seen, head] }),
      ]);
    }
  }
  throw fault;
}

/** Tells the user why a room is not read on; a fork also stops sending in it until an owner has decided. */
async function tellWhy({ keys, clock }: Session, id: Uint8Array, cause: unknown): Promise<void> {
  if (!(cause instanceof Fault) || cause.blame === 'usage' || cause.blame === 'bug') return;
  const text = `room ${hex(id)} is not read on: ${cause.message}`;
  const kept = FORKING.has(cause.code) ? await readRoom(keys, id) : null;
  await keys.apply([
    keyLogEntryOnce(clock, { event: 'refused', text, cause }),
    ...(kept === null ? [] : [writeRoom({ ...kept, stopped: cause.code })]),
  ]);
}

const FORKING: ReadonlySet<string> = new Set(['room-forked', 'identity-conflict']);

/** Entries asked for at a time; the server sends fewer when a frame is full. */
const PAGE = 200;
