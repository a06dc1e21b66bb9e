import { ProtocolPolicyFault } from '@sotto/protocol';
import { notFound } from '../accounts/accounts.ts';
import { readingOf } from '../rooms/read.ts';
import type { Database } from '../store/store.ts';

export interface ReadableBlob {
  readonly id: number;
  readonly hash: Uint8Array;
  readonly sizeBytes: number;
}

/**
 * Throws `blob-unknown` unless a record of the account in this room may name each of the blobs: the account uploaded it
 * for the room, or a record of the room names it already.
 */
export async function checkBlobs(
  database: Database,
  { roomId, accountId }: { readonly roomId: number; readonly accountId: number },
  hashes: readonly Uint8Array[],
): Promise<void> {
  for (const hash of hashes) {
    const claimed = await database
      .selectFrom('blob_claims')
      .innerJoin('blobs', 'blobs.id', 'blob_claims.blob_id')
      .select('blobs.id')
      .where('blobs.hash', '=', hash)
      .where('blob_claims.room_id', '=', roomId)
      .where('blob_claims.account_id', '=', accountId)
      .executeTakeFirst();
    if (claimed !== undefined) continue;
    const named = await database
      .selectFrom('blob_references')
      .innerJoin('blobs', 'blobs.id', 'blob_references.blob_id')
      .select('blobs.id')
      .where('blobs.hash', '=', hash)
      .where('blob_references.room_id', '=', roomId)
      .limit(1)
      .executeTakeFirst();
    if (named === undefined) throw blobUnknown();
  }
}

/** Those of the blobs that are here. */
export async function knownBlobs(database: Database, hashes: readonly Uint8Array[]): Promise<readonly Uint8Array[]> {
  if (hashes.length === 0) return [];
  const rows = await database.selectFrom('blobs').select('hash').where('hash', 'in', hashes).execute();
  return rows.map(({ hash }) => hash);
}

/** Keeps the blobs for the record at position `n`. Throws `blob-unknown` for one that has gone meanwhile. */
export async function writeReferences(
  database: Database,
  { roomId, n }: { readonly roomId: number; readonly n: number },
  hashes: readonly Uint8Array[],
): Promise<void> {
  for (const hash of hashes) {
    const blob = await database.selectFrom('blobs').select('id').where('hash', '=', hash).executeTakeFirst();
    if (blob === undefined) throw blobUnknown();
    await database.insertInto('blob_references').values({ room_id: roomId, n, blob_id: blob.id }).execute();
    await database.deleteFrom('blob_claims').where('blob_id', '=', blob.id).where('room_id', '=', roomId).execute();
  }
}

/** The records at these positions need their blobs no more. */
export async function dropReferences(database: Database, roomId: number, positions: readonly number[]): Promise<void> {
  await database.deleteFrom('blob_references').where('room_id', '=', roomId).where('n', 'in', positions).execute();
}

/** A blob that a record names which the account may read. Throws `not-found`. */
export async function readableBlob(
  database: Database,
  accountId: number,
  { room, hash }: { readonly room: Uint8Array; readonly hash: Uint8Array },
): Promise<ReadableBlob> {
  const { rowId, length } = await readingOf(database, accountId, room);
  const row = await database
    .selectFrom('blob_references')
    .innerJoin('blobs', 'blobs.id', 'blob_references.blob_id')
    .select(['blobs.id', 'blobs.size_bytes'])
    .where('blobs.hash', '=', hash)
    .where('blob_references.room_id', '=', rowId)
    .where('blob_references.n', '<', length)
    .limit(1)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  return { id: row.id, hash, sizeBytes: row.size_bytes };
}

function blobUnknown(): ProtocolPolicyFault {
  return new ProtocolPolicyFault('blob-unknown', 'a blob that was not uploaded for this room');
}
