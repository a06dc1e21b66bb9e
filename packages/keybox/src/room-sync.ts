import { equal, Fault, hex } from '@sotto/bytes';
import { type LogEntry, ProtocolPolicyFault, type SignedHead } from '@sotto/protocol';
import { fetchPage } from './archive/backfill.ts';
import { limitsOf } from './archive/limits.ts';
import { readSkeleton } from './archive/skeleton.ts';
import { showNewest } from './archive/window.ts';
import { evidence } from './heads.ts';
import { logKeyOnce } from './key-log.ts';
import { reopenRecords } from './reopen.ts';
import { acceptRoomHead } from './restored/room.ts';
import { RoomBatch, type RoomReader } from './room-batch.ts';
import { broken, type Halt, type RoomJudge } from './room-judge.ts';
import { type KeptRoom, knownLength, readRoom, stopRoom } from './room-store.ts';
import type { Session } from './session.ts';

/**
 * Reads a room's log up to the server's newest head, verifies every entry at its own position and keeps the result: of
 * a room that is little behind in one transaction per head, else by its skeleton and page by page. An entry that every
 * reader refuses takes its position, is told of in the key log, and never stops the room; where readers could differ
 * judging halts, what stands before is kept, and the fault is thrown. Throws `rollback`, `room-forked`,
 * `identity-conflict`, `pending-chain`, `log-broken` (entries that do not lead to the signed head), `not-a-member` (a
 * room in which this account never was), `unreachable`.
 */
export async function syncRoom(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  for (;;) {
    while ((await fetchArchive(reader, id)) !== null);
    const isRead = await telling(reader, id, () => readDirectly(reader, id));
    if (isRead) break;
    await telling(reader, id, () => readSkeleton(reader, id, reader.session.clock.now()));
  }
  await reopenRecords(reader, id);
  return (await readRoom(reader.session.keys, id)) as KeptRoom;
}

/**
 * Makes a room's newest entries known, `length` of which the server lists: judged for good if few are missing, else by
 * its skeleton, and the rest is left to `fetchArchive`. Throws what `syncRoom` throws.
 */
export async function showRoom(
  reader: RoomReader,
  { room, length, at }: { readonly room: Uint8Array; readonly length: number; readonly at: number },
): Promise<void> {
  const kept = await readRoom(reader.session.keys, room);
  const missing = length - knownLength(kept);
  const ahead = kept?.ahead ?? null;
  if (ahead === null && missing <= limitsOf(reader).direct) return void (await syncRoom(reader, room));
  if (ahead?.isVoid || missing === 0) return;
  await telling(reader, room, async () => showNewest(reader, await readSkeleton(reader, room, at)));
}

/** Judges and keeps one page of a room that is known by its skeleton; null when there is nothing to fetch. */
export async function fetchArchive(reader: RoomReader, id: Uint8Array): Promise<KeptRoom | null> {
  return telling(reader, id, () => fetchPage(reader, id));
}

/** False, and nothing is kept, for a room that is too far behind. */
async function readDirectly(reader: RoomReader, id: Uint8Array): Promise<boolean> {
  const { session } = reader;
  const batch = new RoomBatch(reader, id, await readRoom(session.keys, id));
  const { judge } = batch;
  const first = await session.link.call('rooms.read', { room: id, from: judge.extent.length, limit: PAGE });
  if (first.head.length - judge.extent.length > limitsOf(reader).direct) return false;
  const headKept = await acceptRoomHead(reader, id, first.head);
  await readUpTo(first.head.length, { session, id, batch, entries: first.entries });
  checkHash(judge, first.head);
  const { halt } = judge;
  if (halt !== null) return await haltRoom(reader, batch, { halt, head: first.head });
  if (!judge.isKeepable) throw new ProtocolPolicyFault('not-a-member', 'the server shows a room of others');
  await batch.commit({ after: [headKept] });
  return true;
}

async function telling<Result>(reader: RoomReader, id: Uint8Array, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    await tellWhy(reader.session, id, cause);
    throw cause;
  }
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
  const { judge } = batch;
  let page = entries;
  for (;;) {
    const due = page.filter(({ n }) => n < length);
    for (const entry of due) await batch.take(entry);
    if (judge.extent.length >= length || (due.length === 0 && judge.outside)) return;
    if (due.length === 0) throw broken('the server signed a head and withholds entries below it');
    page = (await session.link.call('rooms.read', { room: id, from: judge.extent.length, limit: PAGE })).entries;
  }
}

function checkHash({ extent, outside }: RoomJudge, head: SignedHead): void {
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
  if (batch.judge.isKeepable) {
    const { id } = await batch.commit({});
    if (seen !== null) {
      await keys.apply([evidence(clock.now(), { kind: 'room', id }, { code: fault.code, heads: [seen, head] })]);
    }
  }
  throw fault;
}

/** Tells the user why a room is not read on; a fork also stops sending in it until an owner has decided. */
async function tellWhy({ keys, clock }: Session, id: Uint8Array, cause: unknown): Promise<void> {
  if (!(cause instanceof Fault) || cause.blame === 'usage' || cause.blame === 'bug') return;
  await keys.apply([
    logKeyOnce(clock, { event: 'refused/room', room: hex(id), reason: cause.message }, cause),
    ...(FORKING.has(cause.code) ? [stopRoom(id, cause.code)] : []),
  ]);
}

const FORKING: ReadonlySet<string> = new Set(['room-forked', 'identity-conflict']);

/** Entries asked for at a time; the server sends fewer when a frame is full. */
const PAGE = 200;
