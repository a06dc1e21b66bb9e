import type { FileHandle } from 'node:fs/promises';
import { equal } from '@sotto/bytes';
import { type Primitives, sha256 } from '@sotto/crypto';
import { type Capability, ProtocolPolicyFault } from '@sotto/protocol';
import { notFound } from '../accounts/accounts.ts';
import type { BlobLimits } from '../limits.ts';
import { readingOf } from '../rooms/read.ts';
import type { Store } from '../store/store.ts';
import type { BlobFiles } from './blob-files.ts';
import { type ReadableBlob, readableBlob } from './references.ts';
import { expire, forgetOrphans, removeStrays } from './sweep.ts';
import {
  claimBlob,
  claimedBy,
  deleteUpload,
  Holds,
  insertUpload,
  ownUpload,
  type UploadRow,
  uploadBy,
} from './uploads.ts';

export interface BlobParts {
  readonly store: Store;
  readonly files: BlobFiles;
  readonly primitives: Primitives;
  readonly limits: BlobLimits;
  now(): number;
}

/** An upload's request and how it is ended for a later one. */
interface UploadRequest {
  readonly upload: Uint8Array;
  readonly capability: Uint8Array;
  end(): void;
}

/**
 * The blobs of a home server: uploads by capability, kept under the hash of what came, given to members of rooms whose
 * records name them. Everything throws `disk-full` and `blob-store-gone` besides what it says.
 */
export class Blobs {
  readonly #parts: BlobParts;
  readonly #uploads = new Holds();
  /** What moves files under their hashes or away from there goes in turn. */
  #placing: Promise<unknown> = Promise.resolve();

  constructor(parts: BlobParts) {
    this.#parts = parts;
  }

  /** Throws `not-found` for rooms that the account is no member of, `quota-exceeded`. */
  async create(
    accountId: number,
    { room, sizeBytes }: { readonly room: Uint8Array; readonly sizeBytes: number },
  ): Promise<Capability & { readonly upload: Uint8Array }> {
    const { store, files, primitives, limits, now } = this.#parts;
    const upload = primitives.randomBytes(16);
    const capability = primitives.randomBytes(32);
    const at = now();
    await store.transact(async (database) => {
      const { rowId, endedAt } = await readingOf(database, accountId, room);
      if (endedAt !== undefined) throw notFound();
      await insertUpload(database, { upload, capability, accountId, roomId: rowId, sizeBytes, now: at }, limits);
    });
    await files.createUpload(upload);
    return { upload, capability, expiresAt: at + limits.capabilityMilliseconds };
  }

  /** Throws `not-found`. */
  async resume(accountId: number, upload: Uint8Array): Promise<Capability> {
    const { store, primitives, limits, now } = this.#parts;
    const capability = primitives.randomBytes(32);
    const at = now();
    const expiresAt = at + limits.capabilityMilliseconds;
    await store.transact(async (database) => {
      await ownUpload(database, { upload, accountId, now: at });
      await database
        .updateTable('blob_uploads')
        .set({
          capability_hash: sha256(capability),
          capability_until: expiresAt,
          expires_at: at + limits.uploadMilliseconds,
        })
        .where('upload', '=', upload)
        .execute();
    });
    return { capability, expiresAt };
  }

  /** How much of an upload is there; null for whoever has no capability for it. */
  async offsetOf(request: UploadRequest): Promise<{ readonly offset: number; readonly sizeBytes: number } | null> {
    const row = await this.#open(request);
    if (row === null) return null;
    const { files } = this.#parts;
    const offset = await this.#uploads.take(request.upload, request.end, () => files.offsetOf(request.upload));
    return { offset, sizeBytes: row.size_bytes };
  }

  /**
   * Appends to an upload from `offset` on. Null for whoever has no capability for it; `offset` where it does not go on
   * from there; `too-large` beyond its size.
   */
  async append(
    request: UploadRequest,
    { offset, length, source }: Append,
  ): Promise<{ readonly offset: number } | 'offset' | 'too-large' | null> {
    const row = await this.#open(request);
    if (row === null) return null;
    const { files } = this.#parts;
    return this.#uploads.take(request.upload, request.end, async () => {
      if ((await files.offsetOf(request.upload)) !== offset) return 'offset';
      const room = row.size_bytes - offset;
      if (length !== null && length > room) return 'too-large';
      const end = await files.append(request.upload, source, room);
      return end === null ? 'too-large' : { offset: end };
    });
  }

  /** Throws `not-found`, `blob-mismatch`. */
  async finish(
    accountId: number,
    { upload, hash }: { readonly upload: Uint8Array; readonly hash: Uint8Array },
  ): Promise<void> {
    const { store, files, now } = this.#parts;
    await this.#uploads.take(
      upload,
      () => undefined,
      async () => {
        const claimed = await store.read((database) => claimedBy(database, { upload, accountId }));
        if (claimed !== null && equal(claimed, hash)) return;
        const row = await store.read((database) => ownUpload(database, { upload, accountId, now: now() }));
        if (await this.#wasMoved(row, hash)) return this.#keep(row, hash);
        if ((await files.offsetOf(upload)) !== row.size_bytes) throw mismatch('the upload is not complete');
        if (equal(await files.hashOf(upload), hash)) return this.#keep(row, hash);
        await store.transact((database) => deleteUpload(database, upload));
        await files.removeUpload(upload);
        throw mismatch('the bytes that came have another hash');
      },
    );
  }

  /** It may be gone already. */
  async cancel(accountId: number, upload: Uint8Array): Promise<void> {
    const { store, files } = this.#parts;
    const gone = await store.transact(async (database) => {
      await database
        .deleteFrom('blob_claims')
        .where('upload', '=', upload)
        .where('account_id', '=', accountId)
        .execute();
      const row = await database
        .deleteFrom('blob_uploads')
        .where('upload', '=', upload)
        .where('account_id', '=', accountId)
        .returning('upload')
        .executeTakeFirst();
      return row !== undefined;
    });
    if (gone) await files.removeUpload(upload);
    await this.collect();
  }

  /** A capability to read. Throws `not-found`. */
  async grant(
    accountId: number,
    { room, hash }: { readonly room: Uint8Array; readonly hash: Uint8Array },
  ): Promise<Capability & { readonly sizeBytes: number }> {
    const { store, primitives, limits, now } = this.#parts;
    const capability = primitives.randomBytes(32);
    const expiresAt = now() + limits.capabilityMilliseconds;
    return store.transact(async (database) => {
      const { id, sizeBytes } = await readableBlob(database, accountId, { room, hash });
      await database
        .insertInto('blob_capabilities')
        .values({ token_hash: sha256(capability), blob_id: id, account_id: accountId, room, expires_at: expiresAt })
        .execute();
      return { capability, expiresAt, sizeBytes };
    });
  }

  /** The blob that a capability opens, as long as its account may read it; null for any other. */
  async readable({
    hash,
    capability,
  }: {
    readonly hash: Uint8Array;
    readonly capability: Uint8Array;
  }): Promise<ReadableBlob | null> {
    const { store, now } = this.#parts;
    return store.read(async (database) => {
      const row = await database
        .selectFrom('blob_capabilities')
        .innerJoin('blobs', 'blobs.id', 'blob_capabilities.blob_id')
        .select(['blob_capabilities.account_id', 'blob_capabilities.room'])
        .where('token_hash', '=', sha256(capability))
        .where('blobs.hash', '=', hash)
        .where('blob_capabilities.expires_at', '>', now())
        .executeTakeFirst();
      return row === undefined ? null : await readableBlob(database, row.account_id, { room: row.room, hash });
    });
  }

  async open({ hash }: ReadableBlob): Promise<FileHandle> {
    return this.#parts.files.open(hash);
  }

  /** Frees what nobody needs any more. */
  async collect(): Promise<void> {
    const { store, files } = this.#parts;
    await this.#place(async () => {
      for (;;) {
        const orphans = await forgetOrphans(store);
        if (orphans.length === 0) return;
        for (const hash of orphans) await files.remove(hash);
      }
    });
  }

  /** Frees what has expired and what a crash left behind. */
  async sweep(): Promise<void> {
    const { store, files, limits, now } = this.#parts;
    for (const upload of await expire(store, now())) await files.removeUpload(upload);
    await this.collect();
    await this.#place(() => removeStrays(store, files, now() - limits.strayMilliseconds));
  }

  /** Ends what is under way. */
  async close(): Promise<void> {
    await this.#uploads.endAll();
    await this.#placing;
  }

  async #open({ upload, capability }: UploadRequest): Promise<UploadRow | null> {
    const { store, now } = this.#parts;
    return store.read((database) => uploadBy(database, { upload, capability, now: now() }));
  }

  async #keep(row: UploadRow, hash: Uint8Array): Promise<void> {
    const { store, files, limits, now } = this.#parts;
    const expiresAt = now() + limits.claimMilliseconds;
    await this.#place(async () => {
      await files.keep(row.upload, hash);
      await store.transact((database) => claimBlob(database, row, { hash, expiresAt }));
      await files.removeUpload(row.upload);
    });
  }

  /** Whether a crash came between moving the file and saying so: it is gone from here, and nobody's where it is now. */
  async #wasMoved({ upload }: UploadRow, hash: Uint8Array): Promise<boolean> {
    const { store, files } = this.#parts;
    if ((await files.hasUpload(upload)) || !(await files.has(hash))) return false;
    const known = await store.read((database) =>
      database.selectFrom('blobs').select('id').where('hash', '=', hash).executeTakeFirst(),
    );
    return known === undefined;
  }

  #place<Result>(work: () => Promise<Result>): Promise<Result> {
    const mine = this.#placing.then(work);
    this.#placing = mine.catch(() => undefined);
    return mine;
  }
}

interface Append {
  readonly offset: number;
  /** As the request says; null if it does not. */
  readonly length: number | null;
  readonly source: AsyncIterable<Uint8Array>;
}

function mismatch(what: string): ProtocolPolicyFault {
  return new ProtocolPolicyFault('blob-mismatch', what);
}
