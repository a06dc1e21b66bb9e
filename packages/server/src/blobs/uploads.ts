import { hex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { ProtocolPolicyFault } from '@sotto/protocol';
import type { Selectable } from 'kysely';
import { notFound } from '../accounts/accounts.ts';
import type { BlobLimits } from '../limits.ts';
import type { Database } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type UploadRow = Selectable<Tables['blob_uploads']>;

export interface NewUpload {
  readonly upload: Uint8Array;
  readonly capability: Uint8Array;
  readonly accountId: number;
  readonly roomId: number;
  readonly sizeBytes: number;
  readonly now: number;
}

/** Books an upload against the account's quota. Throws `quota-exceeded`. */
export async function insertUpload(database: Database, created: NewUpload, limits: BlobLimits): Promise<void> {
  const { upload, capability, accountId, roomId, sizeBytes, now } = created;
  const open = await database
    .selectFrom('blob_uploads')
    .select((row) => [row.fn.countAll<number>().as('uploads'), row.fn.sum<number>('size_bytes').as('bytes')])
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  const kept = await database
    .selectFrom('blobs')
    .select((row) => row.fn.sum<number>('size_bytes').as('bytes'))
    .where('account_id', '=', accountId)
    .executeTakeFirstOrThrow();
  const used = Number(open.bytes ?? 0) + Number(kept.bytes ?? 0);
  if (Number(open.uploads) >= limits.uploadsPerAccount || used + sizeBytes > limits.bytesPerAccount) {
    const detail = { usedBytes: used, limitBytes: limits.bytesPerAccount };
    throw new ProtocolPolicyFault('quota-exceeded', 'the account has no room for this file', { detail });
  }
  await database
    .insertInto('blob_uploads')
    .values({
      upload,
      account_id: accountId,
      room_id: roomId,
      size_bytes: sizeBytes,
      capability_hash: sha256(capability),
      capability_until: now + limits.capabilityMilliseconds,
      expires_at: now + limits.uploadMilliseconds,
    })
    .execute();
}

/** An own upload that has not expired. Throws `not-found`. */
export async function ownUpload(
  database: Database,
  { upload, accountId, now }: { readonly upload: Uint8Array; readonly accountId: number; readonly now: number },
): Promise<UploadRow> {
  const row = await database
    .selectFrom('blob_uploads')
    .selectAll()
    .where('upload', '=', upload)
    .where('account_id', '=', accountId)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  if (row === undefined) throw notFound();
  return row;
}

/** The upload that a capability opens; null for any other, for one that is gone and for one that has expired. */
export async function uploadBy(
  database: Database,
  { upload, capability, now }: { readonly upload: Uint8Array; readonly capability: Uint8Array; readonly now: number },
): Promise<UploadRow | null> {
  const row = await database
    .selectFrom('blob_uploads')
    .selectAll()
    .where('upload', '=', upload)
    .where('capability_hash', '=', sha256(capability))
    .where('capability_until', '>', now)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row ?? null;
}

/** The address of a blob that an upload of the account became; null if it became none, or a record names it already. */
export async function claimedBy(
  database: Database,
  { upload, accountId }: { readonly upload: Uint8Array; readonly accountId: number },
): Promise<Uint8Array | null> {
  const row = await database
    .selectFrom('blob_claims')
    .innerJoin('blobs', 'blobs.id', 'blob_claims.blob_id')
    .select('blobs.hash')
    .where('blob_claims.upload', '=', upload)
    .where('blob_claims.account_id', '=', accountId)
    .executeTakeFirst();
  return row?.hash ?? null;
}

/** Makes a blob of an upload whose file stands under its hash. */
export async function claimBlob(
  database: Database,
  row: UploadRow,
  { hash, expiresAt }: { readonly hash: Uint8Array; readonly expiresAt: number },
): Promise<void> {
  const { upload, account_id, room_id, size_bytes } = row;
  await database
    .insertInto('blobs')
    .values({ hash, size_bytes, account_id })
    .onConflict((conflict) => conflict.column('hash').doNothing())
    .execute();
  const { id } = await database.selectFrom('blobs').select('id').where('hash', '=', hash).executeTakeFirstOrThrow();
  await database
    .insertInto('blob_claims')
    .values({ blob_id: id, room_id, account_id, upload, expires_at: expiresAt })
    .onConflict((conflict) => conflict.columns(['blob_id', 'room_id', 'account_id']).doNothing())
    .execute();
  await deleteUpload(database, upload);
}

export async function deleteUpload(database: Database, upload: Uint8Array): Promise<void> {
  await database.deleteFrom('blob_uploads').where('upload', '=', upload).execute();
}

/** Lets requests for one thing take their turn; those who come do not wait for one that can be ended. */
export class Holds {
  readonly #holds = new Map<string, { readonly end: () => void; readonly over: Promise<void> }>();

  /** Ends whoever holds the key, waits until they have let go, and works; `end` is how a later one ends this work. */
  async take<Result>(key: Uint8Array, end: () => void, work: () => Promise<Result>): Promise<Result> {
    const name = hex(key);
    for (let held = this.#holds.get(name); held !== undefined; held = this.#holds.get(name)) {
      held.end();
      await held.over;
    }
    const { promise, resolve } = Promise.withResolvers<void>();
    const mine = { end, over: promise };
    this.#holds.set(name, mine);
    try {
      return await work();
    } finally {
      this.#holds.delete(name);
      resolve();
    }
  }

  /** Ends everybody. */
  async endAll(): Promise<void> {
    const holds = [...this.#holds.values()];
    for (const { end } of holds) end();
    await Promise.all(holds.map(({ over }) => over));
  }
}
