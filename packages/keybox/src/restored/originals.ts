import { type CborValue, decodeCbor, encodeCbor, equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type LogEntry, type OriginalEntry, rosterStatement, signedRecord } from '@sotto/protocol';
import type { Part, SqlStatement } from '../ports.ts';

/** For how long the bytes of an entry are kept as they came: within that time a restored server can have them back. */
const ORIGINAL_MILLISECONDS = 35 * 24 * 3600 * 1000;

/**
 * Keeps entries as they came, unless they are too old to be asked for; what a record drops goes from what is kept, too.
 * `isRefused` says which of them counted nothing.
 */
export function keepOriginals(
  room: Uint8Array,
  entries: readonly LogEntry[],
  { now, isRefused }: { readonly now: number; isRefused(n: number): boolean },
): readonly SqlStatement[] {
  const oldest = now - ORIGINAL_MILLISECONDS;
  return entries.flatMap((entry) => {
    const at = Math.min(writtenAt(entry), now);
    const dropped = isRefused(entry.n) ? [] : dropsOf(entry).flatMap((n) => dropOriginal(room, n));
    return at < oldest ? dropped : [insertion(room, entry, at), ...dropped];
  });
}

/** Keeps what an entry of our own seals to everybody: nobody else has that. `signed` are its signed bytes. */
export function keepSeals(
  room: Uint8Array,
  signed: Uint8Array,
  { seals, at }: { readonly seals: readonly Uint8Array[]; readonly at: number },
): readonly SqlStatement[] {
  if (seals.length === 0) return [];
  const sql = 'INSERT OR REPLACE INTO seals (room, hash, at, content) VALUES (?, ?, ?, ?)';
  return [{ sql, parameters: [room, sha256(signed), at, encodeCbor([...seals])] }];
}

/** Forgets what is too old to be asked for. */
export function expireOriginals(now: number): readonly SqlStatement[] {
  const parameters = [now - ORIGINAL_MILLISECONDS];
  return [
    { sql: 'DELETE FROM original WHERE at < ?', parameters },
    { sql: 'DELETE FROM seals WHERE at < ?', parameters },
  ];
}

/** Entries as they came, in order from a position on; ends before the first that is not kept any more. */
export async function readOriginals(
  keys: Part,
  room: Uint8Array,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<readonly OriginalEntry[]> {
  const rows = await keys.query<OriginalRow>(
    `SELECT original.n, entry, body, own, seals.content AS seals FROM original JOIN log USING (room, n)
      LEFT JOIN seals ON seals.room = original.room AND seals.hash = log.signed_hash
      WHERE original.room = ? AND original.n >= ? ORDER BY original.n LIMIT ?`,
    [room, from, limit],
  );
  const end = rows.findIndex(({ n }, i) => n !== from + i);
  return (end < 0 ? rows : rows.slice(0, end)).map(original);
}

interface OriginalRow {
  readonly n: number;
  readonly entry: Uint8Array;
  readonly body: Uint8Array | null;
  readonly own: Uint8Array | null;
  readonly seals: Uint8Array | null;
}

/** The body and what is sealed to us stand apart, so that they can go alone. */
function insertion(room: Uint8Array, entry: LogEntry, at: number): SqlStatement {
  const sql = 'INSERT OR REPLACE INTO original (room, n, at, entry, body, own) VALUES (?, ?, ?, ?, ?, ?)';
  const { bare, body, own } = taken(entry);
  return { sql, parameters: [room, entry.n, at, encodeCbor(bare as unknown as CborValue), body, own] };
}

function taken(entry: LogEntry): { readonly bare: LogEntry; readonly body: Uint8Array | null; own: Uint8Array | null } {
  if (entry.kind === 'statement') {
    const own = entry.entry === null ? null : encodeCbor(entry.entry as unknown as CborValue);
    return { bare: { ...entry, entry: null }, body: null, own };
  }
  const { record, sealedKey } = entry;
  const isSigned = record.body !== null && equal(sha256(record.body), signedRecord.parse(record.signed)[1]);
  const bare = { ...entry, record: { ...record, body: null }, sealedKey: null };
  return { bare, body: isSigned ? record.body : null, own: sealedKey };
}

function original({ entry, body, own, seals }: OriginalRow): OriginalEntry {
  const bare = decodeCbor(entry, MAX_ENTRY_BYTES) as unknown as LogEntry;
  const sealed = seals === null ? null : (decodeCbor(seals, MAX_SEALS_BYTES) as unknown as readonly Uint8Array[]);
  if (bare.kind === 'statement') {
    const ownEntry = own === null ? null : (decodeCbor(own) as unknown as typeof bare.entry);
    return { entry: { ...bare, entry: ownEntry }, seals: sealed };
  }
  return { entry: { ...bare, record: { ...bare.record, body }, sealedKey: own }, seals: sealed };
}

function dropOriginal(room: Uint8Array, n: number): readonly SqlStatement[] {
  return [
    { sql: 'UPDATE original SET body = NULL, own = NULL WHERE room = ? AND n = ?', parameters: [room, n] },
    {
      sql: 'DELETE FROM seals WHERE room = ? AND hash IN (SELECT signed_hash FROM log WHERE room = ? AND n = ?)',
      parameters: [room, room, n],
    },
  ];
}

function dropsOf(entry: LogEntry): readonly number[] {
  return entry.kind === 'record' ? signedRecord.parse(entry.record.signed)[0].drops : [];
}

function writtenAt(entry: LogEntry): number {
  return entry.kind === 'statement'
    ? rosterStatement.parse(entry.envelope.signed).at
    : signedRecord.parse(entry.record.signed)[0].at;
}

/** With a table of a thousand rows. */
const MAX_ENTRY_BYTES = 1024 * 1024;
/** A thousand sealed entries of 1.2 KB. */
const MAX_SEALS_BYTES = 16 * 1024 * 1024;
