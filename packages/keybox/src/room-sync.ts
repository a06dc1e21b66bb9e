import { equal, Fault, hex } from '@sotto/bytes';
import type { LogEntry, RoomState } from '@sotto/protocol';
import { keyLogEntry } from './key-log.ts';
import { broken, RoomBatch, type RoomReader } from './room-batch.ts';
import { type KeptRoom, readRoom, writeRoom } from './room-store.ts';
import type { Session } from './session.ts';

/**
 * Reads a room's log up to the server's newest head, verifies every entry at its own position and keeps the result in
 * one transaction per head. An entry that is refused takes its position and is told of in the key log; it never stops
 * the room. Throws `rollback`, `room-forked`, `log-broken` (entries that do not lead to the signed head), `unreachable`.
 */
export async function syncRoom(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  const { session, heads } = reader;
  const kept = await readRoom(session.keys, id);
  const batch = new RoomBatch(reader, id, kept);
  const first = await session.link.call('rooms.read', { room: id, from: batch.length, limit: PAGE });
  const headKept = await heads
    .accept({ kind: 'room', id }, first.head)
    .catch((cause) => stopRoom(session, kept, cause));
  await readUpTo(first.head.length, { session, id, batch, entries: first.entries }).catch((cause) =>
    stopRoom(session, kept, cause),
  );
  const { state } = batch;
  if (state === null) throw broken('a room without entries');
  if (!(batch.outside && state.length < first.head.length) && !equal(state.hash, first.head.hash)) {
    const fault = broken('the entries do not lead to the head that the server signed');
    const text = `room ${hex(id)}: ${fault.message}`;
    await session.keys.apply([keyLogEntry(session.clock, { event: 'refused', text, cause: fault })]);
    throw fault;
  }
  return batch.commit([headKept]);
}

/** Verifies the first `length` entries of a room's log once more from nothing, and keeps none of it. */
export async function replayRoom(reader: RoomReader, id: Uint8Array, length: number): Promise<RoomState> {
  const { link } = reader.session;
  const batch = new RoomBatch(reader, id, null);
  const { entries } = await link.call('rooms.read', { room: id, from: 0, limit: PAGE });
  await readUpTo(length, { session: reader.session, id, batch, entries });
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
    if (batch.length >= length || (due.length === 0 && batch.outside)) return;
    if (due.length === 0) throw broken('the server signed a head and withholds entries below it');
    page = (await session.link.call('rooms.read', { room: id, from: batch.length, limit: PAGE })).entries;
  }
}

/** Tells the user why a room is not read on; a fork also stops sending in it until an owner has decided. */
async function stopRoom(session: Session, kept: KeptRoom | null, cause: unknown): Promise<never> {
  if (kept === null || !(cause instanceof Fault) || cause.blame === 'usage' || cause.blame === 'bug') throw cause;
  const text = `room ${hex(kept.state.id)} is not read on: ${cause.message}`;
  const forked = cause.code === 'room-forked' || cause.code === 'identity-conflict';
  await session.keys.apply([
    keyLogEntry(session.clock, { event: 'refused', text, cause }),
    ...(forked ? [writeRoom({ ...kept, stopped: cause.code })] : []),
  ]);
  throw cause;
}

/** Entries asked for at a time; the server sends fewer when a frame is full. */
const PAGE = 200;
