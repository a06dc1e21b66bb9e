import type { Database, Store } from '../store/store.ts';
import type { BlobFiles } from './blob-files.ts';

/** Forgets uploads, claims and capabilities whose time is over. Returns the uploads, whose files may go. */
export async function expire(store: Store, now: number): Promise<readonly Uint8Array[]> {
  return store.transact(async (database) => {
    await database.deleteFrom('blob_capabilities').where('expires_at', '<=', now).execute();
    await database.deleteFrom('blob_claims').where('expires_at', '<=', now).execute();
    const gone = await database.deleteFrom('blob_uploads').where('expires_at', '<=', now).returning('upload').execute();
    return gone.map(({ upload }) => upload);
  });
}

/** Forgets blobs that nobody needs, a batch at a time. Returns the hashes, whose files may go. */
export async function forgetOrphans(store: Store): Promise<readonly Uint8Array[]> {
  return store.transact(async (database) => {
    const orphans = await database
      .selectFrom('blobs')
      .select(['id', 'hash'])
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('blob_references').select('n').whereRef('blob_references.blob_id', '=', 'blobs.id'))),
      )
      .where(({ not, exists, selectFrom }) =>
        not(exists(selectFrom('blob_claims').select('room_id').whereRef('blob_claims.blob_id', '=', 'blobs.id'))),
      )
      .limit(BATCH)
      .execute();
    if (orphans.length === 0) return [];
    const ids = orphans.map(({ id }) => id);
    await database.deleteFrom('blob_capabilities').where('blob_id', 'in', ids).execute();
    await database.deleteFrom('blobs').where('id', 'in', ids).execute();
    return orphans.map(({ hash }) => hash);
  });
}

/** Removes files that are old and that the database knows nothing of: what a crash left behind. */
export async function removeStrays(store: Store, files: BlobFiles, before: number): Promise<void> {
  for await (const hash of files.older('blobs', before)) {
    if (!(await isKnown(store, (database) => blobWith(database, hash)))) await files.remove(hash);
  }
  for await (const upload of files.older('uploads', before)) {
    if (!(await isKnown(store, (database) => uploadWith(database, upload)))) await files.removeUpload(upload);
  }
}

async function isKnown(store: Store, find: (database: Database) => Promise<unknown>): Promise<boolean> {
  return (await store.read(find)) !== undefined;
}

function blobWith(database: Database, hash: Uint8Array): Promise<unknown> {
  return database.selectFrom('blobs').select('id').where('hash', '=', hash).executeTakeFirst();
}

function uploadWith(database: Database, upload: Uint8Array): Promise<unknown> {
  return database.selectFrom('blob_uploads').select('upload').where('upload', '=', upload).executeTakeFirst();
}

const BATCH = 200;
