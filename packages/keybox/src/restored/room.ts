import { Fault, hex } from '@sotto/bytes';
import type { LogEntry, OriginalEntry, SignedHead } from '@sotto/protocol';
import { verifyHead } from '@sotto/protocol';
import { logKey, logKeyOnce } from '../key-log.ts';
import type { SqlStatement } from '../ports.ts';
import type { RoomReader } from '../room-batch.ts';
import { readOriginals } from './originals.ts';

/**
 * Compares a room with a server that was restored: gives back what it lost, as far as this device has it, and tells it
 * how far it was known here. Does nothing for a room of which no head is known. Throws `room-forked` if the server has
 * another log.
 */
export async function recoverRoom(reader: RoomReader, id: Uint8Array): Promise<void> {
  const { session, heads } = reader;
  const subject = { kind: 'room', id } as const;
  const known = await heads.newest(subject);
  if (known === null) return;
  const length = await serverLength(reader, id, known);
  if (length !== null && length >= known.length) {
    const { from } = await session.link.call('rooms.confirm', { room: id, head: known });
    if (from !== null && from < known.length) await giveBackSeals(reader, id, { head: known, from });
    return keepHead(reader, id, known);
  }
  const from = length ?? (await firstKept(reader, id, known.length));
  const given = await giveBack(reader, id, { head: known, from });
  await tell(reader, id, { given, lost: known.length - from });
  const confirmed = await session.link.call('rooms.confirm', { room: id, head: known }).catch(unknownRoom);
  if (given < known.length - from) return;
  if (confirmed.from !== null && confirmed.from < from) {
    await giveBackSeals(reader, id, { head: known, from: confirmed.from });
  }
  await keepHead(reader, id, known);
}

/**
 * What `Heads.accept` does for a room. The first head of a new life of the server's data is kept only after the server
 * was told how far the room was known here.
 */
export async function acceptRoomHead(reader: RoomReader, id: Uint8Array, head: SignedHead): Promise<SqlStatement> {
  const subject = { kind: 'room', id } as const;
  const known = await reader.heads.newest(subject);
  const accepted = await reader.heads.accept(subject, head);
  if (known !== null && head.incarnation > known.incarnation) await recoverRoom(reader, id);
  return accepted;
}

/** Length of the server's log of a room; null if it has none for us. */
async function serverLength({ session, heads }: RoomReader, id: Uint8Array, known: SignedHead): Promise<number | null> {
  const answer = await session.link.call('rooms.read', { room: id, from: known.length, limit: 1 }).catch(absent);
  if (answer === null) return null;
  const { head } = answer;
  await verifyHead(session.primitives, await heads.keys(), { subject: { kind: 'room', id }, head });
  return head.length;
}

/** The first position from which on every entry is kept as it came. */
async function firstKept({ session }: RoomReader, id: Uint8Array, length: number): Promise<number> {
  const [row] = await session.keys.query<{ n: number | null }>(
    `SELECT max(n) AS n FROM log WHERE room = ? AND n < ? AND NOT EXISTS
      (SELECT 1 FROM original WHERE original.room = log.room AND original.n = log.n)`,
    [id, length],
  );
  return Math.max(row?.n == null ? 0 : row.n + 1, length - MAX_HASHES);
}

/** Entries as they came, from a position to the head; how many of them the server has now. */
async function giveBack(
  { session }: RoomReader,
  id: Uint8Array,
  { head, from }: { readonly head: SignedHead; readonly from: number },
): Promise<number> {
  const hashes = await hashesFrom(session.keys, id, { from, to: head.length });
  if (hashes === null) return 0;
  let next = from;
  for (;;) {
    const entries = await readPortion(session.keys, id, { from: next, hashes: hashes.length });
    const due = entries.filter(({ entry }) => entry.n < head.length);
    if (due.length === 0) return next - from;
    const taken = await session.link
      .call('rooms.restore', { room: id, head, from, hashes, entries: due })
      .catch(refused);
    if (taken === null) return next - from;
    next += due.length;
  }
}

/** What the entries that others gave back seal to us: their server had lost that, too. */
async function giveBackSeals(
  { session }: RoomReader,
  id: Uint8Array,
  { head, from }: { readonly head: SignedHead; readonly from: number },
): Promise<void> {
  const hashes = await hashesFrom(session.keys, id, { from, to: head.length });
  if (hashes === null) return;
  for (let next = from; next < head.length; ) {
    const entries = await readPortion(session.keys, id, { from: next, hashes: hashes.length });
    if (entries.length === 0) return;
    next += entries.length;
    const sealing = entries.filter((original) => seals(original) && original.entry.n < head.length);
    if (sealing.length === 0) continue;
    const call = session.link.call('rooms.restore', { room: id, head, from, hashes, entries: sealing });
    if ((await call.catch(refused)) === null) return;
  }
}

/** Hashes of signed bytes by position; null where the log is not known here to its end, or they are too many. */
async function hashesFrom(
  keys: RoomReader['session']['keys'],
  id: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Uint8Array[] | null> {
  if (to - from > MAX_HASHES) return null;
  const rows = await keys.query<{ hash: Uint8Array }>(
    'SELECT signed_hash AS hash FROM log WHERE room = ? AND n >= ? AND n < ? ORDER BY n',
    [id, from, to],
  );
  return rows.length === to - from ? rows.map(({ hash }) => hash) : null;
}

/**
 * As many entries as fit a frame beside the hashes, at least one. What one seals to everybody stays away where it does not
 * fit: each gives back what is sealed to it.
 */
async function readPortion(
  keys: RoomReader['session']['keys'],
  id: Uint8Array,
  { from, hashes }: { readonly from: number; readonly hashes: number },
): Promise<readonly OriginalEntry[]> {
  const room = MAX_PORTION_BYTES - hashes * HASH_BYTES;
  const kept = await readOriginals(keys, id, { from, limit: PORTION });
  const entries = kept.map((entry) => (sizeOf(entry) > room ? { ...entry, seals: null } : entry));
  let bytes = 0;
  const end = entries.findIndex((entry, i) => {
    bytes += sizeOf(entry);
    return i > 0 && bytes > room;
  });
  return end < 0 ? entries : entries.slice(0, end);
}

function sizeOf({ entry, seals: sealed }: OriginalEntry): number {
  const more = (sealed ?? []).reduce((sum, { length }) => sum + length + 4, 0);
  return more + entrySize(entry) + ENTRY_OVERHEAD_BYTES;
}

function entrySize(entry: LogEntry): number {
  if (entry.kind === 'record') {
    const { record, keyRows, sealedKey } = entry;
    const sizes = record.signed.length + record.signature.length + (record.body?.length ?? 0);
    return sizes + (keyRows?.length ?? 0) * ROW_BYTES + (sealedKey?.length ?? 0);
  }
  const { envelope, rows, entry: own } = entry;
  const signatures = envelope.signatures.reduce((sum, { length }) => sum + length, 0);
  return envelope.signed.length + signatures + rows.length * ROW_BYTES + (own?.sealed.length ?? 0);
}

function seals({ entry, seals: sealed }: OriginalEntry): boolean {
  return sealed !== null || (entry.kind === 'statement' ? entry.entry : entry.sealedKey) !== null;
}

/** The room stands as it is known here: its newest head is of the new life of the server's data. */
async function keepHead({ session, heads }: RoomReader, id: Uint8Array, known: SignedHead): Promise<void> {
  const answer = await session.link.call('rooms.read', { room: id, from: known.length, limit: 1 }).catch(absent);
  if (answer === null || answer.head.length !== known.length) return;
  await session.keys.apply([await heads.accept({ kind: 'room', id }, answer.head)]);
}

async function tell(
  { session }: RoomReader,
  id: Uint8Array,
  { given, lost }: { readonly given: number; readonly lost: number },
): Promise<void> {
  const { keys, clock } = session;
  const entry = { event: 'head/room-restored', room: hex(id), lost, given } as const;
  await keys.apply([given === lost ? logKey(clock, entry) : logKeyOnce(clock, entry)]);
}

function absent(cause: unknown): null {
  if (cause instanceof Fault && cause.code === 'not-found') return null;
  throw cause;
}

function unknownRoom(cause: unknown): { readonly from: null } {
  absent(cause);
  return { from: null };
}

/** What the server does not take now it may take later, when somebody else has given back what comes before. */
function refused(cause: unknown): null {
  if (cause instanceof Fault && REFUSED.has(cause.code)) return null;
  throw cause;
}

const REFUSED: ReadonlySet<string> = new Set([
  'log-broken',
  'member-unknown',
  'message-too-long',
  'not-found',
  'pending-chain',
  'identity-conflict',
]);
const PORTION = 64;
const MAX_HASHES = 2000;
const HASH_BYTES = 36;
/** Of a row of an era's table or of message keys, encoded. */
const ROW_BYTES = 160;
const ENTRY_OVERHEAD_BYTES = 512;
/** A frame has 256 KiB. */
const MAX_PORTION_BYTES = 220 * 1024;
