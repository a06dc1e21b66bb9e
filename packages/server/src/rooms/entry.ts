import { type CborValue, encodeCbor } from '@sotto/bytes';
import type { MessageKeyRow, TableRow } from '@sotto/protocol';
import { dropReferences, writeReferences } from '../blobs/references.ts';
import type { Database } from '../store/store.ts';

/** An entry that was judged and accepted, as it goes into the log. */
export interface NewEntry {
  readonly n: number;
  readonly kind: 'statement' | 'record';
  readonly signedHash: Uint8Array;
  readonly logHash: Uint8Array;
  readonly signed: Uint8Array;
  readonly signature: Uint8Array;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  /** Of a record. */
  readonly seq: number | null;
  readonly body: Uint8Array | null;
  readonly rows: readonly TableRow[] | readonly MessageKeyRow[] | null;
  readonly seals: readonly Seal[];
  /** Positions whose bodies it frees. */
  readonly drops: readonly number[];
  /** Addresses of the blobs that it needs. */
  readonly blobs: readonly Uint8Array[];
}

/** What an entry seals to one account. */
export interface Seal {
  readonly fingerprint: Uint8Array;
  readonly sealed: Uint8Array;
  /** Its Merkle leaf; empty for message keys. */
  readonly leaf: Uint8Array;
}

/** Appends entries to a room's log and frees the bodies that they drop. */
export async function writeEntries(
  database: Database,
  roomId: number,
  { entries, at }: { readonly entries: readonly NewEntry[]; readonly at: number },
): Promise<void> {
  const rows = entries.map((entry) => entryRow(roomId, entry, at));
  await database.insertInto('room_entries').values(rows).execute();
  for (const entry of entries) {
    for (const [position, seal] of entry.seals.entries()) {
      await database
        .insertInto('room_seals')
        .values({ room_id: roomId, n: entry.n, position, ...seal })
        .execute();
    }
    await writeReferences(database, { roomId, n: entry.n }, entry.blobs);
    if (entry.drops.length > 0) await dropBodies(database, roomId, entry.drops);
  }
}

function entryRow(roomId: number, entry: NewEntry, at: number) {
  const { n, kind, signedHash, logHash, signed, signature, author, device, seq, body, rows } = entry;
  return {
    room_id: roomId,
    n,
    kind,
    signed_hash: signedHash,
    log_hash: logHash,
    signed,
    signature,
    author,
    device,
    seq,
    body,
    rows: rows === null ? null : encodeCbor(rows as unknown as CborValue),
    at,
  };
}

/** Message keys of a body that is gone open nothing any more. */
async function dropBodies(database: Database, roomId: number, drops: readonly number[]): Promise<void> {
  const dropped = await database
    .updateTable('room_entries')
    .set({ body: null })
    .where('room_id', '=', roomId)
    .where('n', 'in', drops)
    .where('kind', '=', 'record')
    .returning('n')
    .execute();
  if (dropped.length === 0) return;
  const positions = dropped.map(({ n }) => n);
  await dropReferences(database, roomId, positions);
  await database.deleteFrom('room_seals').where('room_id', '=', roomId).where('n', 'in', positions).execute();
}
