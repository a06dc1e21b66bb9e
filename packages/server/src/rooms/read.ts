import { type CborValue, decodeCbor, equal } from '@sotto/bytes';
import {
  type LogEntry,
  type MessageKeyRow,
  memberOf,
  merklePath,
  type OwnEntry,
  type RoomState,
  type SignedHead,
  type TableRow,
} from '@sotto/protocol';
import { sql } from 'kysely';
import { notFound } from '../accounts/accounts.ts';
import type { HandlerContext } from '../handler.ts';
import type { Database } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

/** What one account may read of a room. */
export interface Reading {
  readonly rowId: number;
  readonly fingerprint: Uint8Array;
  /** Entries: all, or up to and including the statement that ended the membership. */
  readonly length: number;
  /** Log hash after them. */
  readonly hash: Uint8Array;
  /** For a former member: when the server took the last of them. */
  readonly endedAt: number | undefined;
}

/** Throws `not-found` for a room that is not there and for one of which the account never was a member. */
export async function readingOf(database: Database, accountId: number, room: Uint8Array): Promise<Reading> {
  const row = await database
    .selectFrom('room_members')
    .innerJoin('rooms', 'rooms.id', 'room_members.room_id')
    .select(['rooms.id', 'rooms.length', 'rooms.hash', 'room_members.fingerprint', 'room_members.until'])
    .where('rooms.room', '=', room)
    .where('room_members.account_id', '=', accountId)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  const { id: rowId, fingerprint, until } = row;
  if (until === null) return { rowId, fingerprint, length: row.length, hash: row.hash, endedAt: undefined };
  const last = await database
    .selectFrom('room_entries')
    .select(['log_hash', 'at'])
    .where('room_id', '=', rowId)
    .where('n', '=', until - 1)
    .executeTakeFirstOrThrow();
  return { rowId, fingerprint, length: until, hash: last.log_hash, endedAt: last.at };
}

/** The signed head of what the account may read of a room in this state: every acknowledgement carries it. */
export function headOf(
  context: Pick<HandlerContext, 'store' | 'cluster'>,
  { accountId, fingerprint }: { readonly accountId: number; readonly fingerprint: Uint8Array },
  state: RoomState,
): Promise<SignedHead> {
  if (memberOf(state, fingerprint) === null) return readableHead(context, accountId, state.id);
  return context.cluster.heads.sign({ kind: 'room', id: state.id }, { length: state.length, hash: state.hash });
}

/** The same, as the store has it. */
export async function readableHead(
  context: Pick<HandlerContext, 'store' | 'cluster'>,
  accountId: number,
  room: Uint8Array,
): Promise<SignedHead> {
  return signReading(context, room, await context.store.read((database) => readingOf(database, accountId, room)));
}

/** A former member's head is of the time when the membership ended. */
export function signReading(
  { cluster }: Pick<HandlerContext, 'cluster'>,
  room: Uint8Array,
  { length, hash, endedAt }: Reading,
): Promise<SignedHead> {
  return cluster.heads.sign({ kind: 'room', id: room }, { length, hash }, endedAt);
}

/** Entries from a position on: at most `limit`, as many as fit an answer, and one in any case. */
export async function readEntries(
  database: Database,
  reading: Reading,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<LogEntry[]> {
  const end = await endOfPage(database, reading, { from, limit });
  const rows = await database
    .selectFrom('room_entries')
    .selectAll()
    .where('room_id', '=', reading.rowId)
    .where('n', '>=', from)
    .where('n', '<', end)
    .orderBy('n')
    .execute();
  const entries: LogEntry[] = [];
  for (const row of rows) entries.push(await logEntry(database, reading, row));
  return entries;
}

/** Hashes from a position on, with the statements among them: at most `limit`, as many as fit an answer. */
export async function readSkeletonPage(
  database: Database,
  reading: Reading,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<{ readonly hashes: readonly Uint8Array[]; readonly statements: readonly StatementEntry[] }> {
  const rows = await database
    .selectFrom('room_entries')
    .select(['n', 'kind', 'signed_hash'])
    .where('room_id', '=', reading.rowId)
    .where('n', '>=', from)
    .where('n', '<', Math.min(reading.length, from + limit))
    .orderBy('n')
    .execute();
  const hashes: Uint8Array[] = [];
  const statements: StatementEntry[] = [];
  let left = PAGE_BYTES;
  for (const { n, kind, signed_hash } of rows) {
    left -= signed_hash.length;
    if (kind === 'statement') {
      const { entry, size } = await statementAt(database, reading, n);
      left -= size;
      if (left < 0 && hashes.length > 0) break;
      statements.push(entry);
    }
    if (left < 0 && hashes.length > 0) break;
    hashes.push(signed_hash);
  }
  return { hashes, statements };
}

type StatementEntry = LogEntry & { readonly kind: 'statement' };

async function statementAt(
  database: Database,
  reading: Reading,
  n: number,
): Promise<{ readonly entry: StatementEntry; readonly size: number }> {
  const row = await database
    .selectFrom('room_entries')
    .selectAll()
    .where('room_id', '=', reading.rowId)
    .where('n', '=', n)
    .executeTakeFirstOrThrow();
  const entry = (await logEntry(database, reading, row)) as StatementEntry;
  const sealed = entry.entry === null ? 0 : entry.entry.sealed.length + entry.entry.path.length * 40;
  const size = row.signed.length + row.signature.length + (row.rows?.length ?? 0) + sealed + ENTRY_OVERHEAD_BYTES;
  return { entry, size };
}

async function endOfPage(
  database: Database,
  { rowId, length }: Reading,
  { from, limit }: { readonly from: number; readonly limit: number },
): Promise<number> {
  const sizes = await database
    .selectFrom('room_entries')
    .select([
      'kind',
      sql<number>`length(signed) + length(signature) + coalesce(length(body), 0)`.as('size'),
      sql<number>`coalesce(length(rows), 0)`.as('rowsSize'),
    ])
    .where('room_id', '=', rowId)
    .where('n', '>=', from)
    .where('n', '<', Math.min(length, from + limit))
    .orderBy('n')
    .execute();
  let total = 0;
  let end = from;
  for (const { kind, size, rowsSize } of sizes) {
    const hasSeal = kind === 'statement' || rowsSize > 0;
    total += size + rowsSize + (hasSeal ? SEALED_OVERHEAD_BYTES : ENTRY_OVERHEAD_BYTES);
    if (total > PAGE_BYTES && end > from) break;
    end++;
  }
  return end;
}

type EntryRow = Tables['room_entries'];

async function logEntry(database: Database, reading: Reading, row: EntryRow): Promise<LogEntry> {
  const { n, signed, signature, body } = row;
  const rows = row.rows === null ? null : (decodeCbor(row.rows) as readonly CborValue[]);
  if (row.kind === 'statement') {
    const envelope = { signed, signatures: [signature] };
    const entry = await ownEntry(database, reading, n);
    return { kind: 'statement', n, envelope, rows: (rows ?? []) as unknown as TableRow[], entry };
  }
  const keyRows = rows as unknown as MessageKeyRow[] | null;
  const sealedKey = keyRows === null ? null : await ownKey(database, reading, n);
  return { kind: 'record', n, record: { signed, signature, body }, keyRows, sealedKey };
}

async function ownEntry(database: Database, { rowId, fingerprint }: Reading, n: number): Promise<OwnEntry | null> {
  const given = await givenBack(database, { rowId, fingerprint, n });
  if (given !== null) return given;
  const leaves = await database
    .selectFrom('room_seals')
    .select(['fingerprint', 'leaf'])
    .where('room_id', '=', rowId)
    .where('n', '=', n)
    .orderBy('position')
    .execute();
  const index = leaves.findIndex((leaf) => equal(leaf.fingerprint, fingerprint));
  if (index < 0) return null;
  const { sealed } = await database
    .selectFrom('room_seals')
    .select('sealed')
    .where('room_id', '=', rowId)
    .where('n', '=', n)
    .where('position', '=', index)
    .executeTakeFirstOrThrow();
  const path = merklePath(
    leaves.map(({ leaf }) => leaf),
    index,
  );
  return { sealed, index, size: leaves.length, path };
}

/** An entry that its reader gave back after a restore, when the others' may still be missing. */
async function givenBack(
  database: Database,
  { rowId, fingerprint, n }: { readonly rowId: number; readonly fingerprint: Uint8Array; readonly n: number },
): Promise<OwnEntry | null> {
  const row = await database
    .selectFrom('room_seals')
    .select(['position', 'sealed', 'path'])
    .where('room_id', '=', rowId)
    .where('n', '=', n)
    .where('fingerprint', '=', fingerprint)
    .where('path', 'is not', null)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { size, path } = decodeCbor(row.path as Uint8Array) as unknown as Pick<OwnEntry, 'size' | 'path'>;
  return { sealed: row.sealed, index: row.position, size, path };
}

async function ownKey(database: Database, { rowId, fingerprint }: Reading, n: number): Promise<Uint8Array | null> {
  const row = await database
    .selectFrom('room_seals')
    .select('sealed')
    .where('room_id', '=', rowId)
    .where('n', '=', n)
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst();
  return row?.sealed ?? null;
}

/** An answer of this size and the frame around it fit 256 KiB. */
const PAGE_BYTES = 200 * 1024;
/** Names of the fields. */
const ENTRY_OVERHEAD_BYTES = 256;
/** And the reader's own seal, at its largest, with a path. */
const SEALED_OVERHEAD_BYTES = 9 * 1024;
