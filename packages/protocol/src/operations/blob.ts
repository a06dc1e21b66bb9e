import { z } from 'zod/mini';
import { emptyMap, fixedBytes, hash32, milliseconds } from '../format.ts';
import { MAX_BLOB_BYTES } from '../limits.ts';
import { type Operation, operation } from '../operation.ts';

const uploadId = fixedBytes(16);
const blobSize = z.int().check(z.minimum(1), z.maximum(MAX_BLOB_BYTES));

/** A bearer token for one upload or one blob, good until `expiresAt`. */
export interface Capability {
  readonly capability: Uint8Array;
  readonly expiresAt: number;
}

/** Makes room for a blob of so many bytes that records of the room will name. Throws `quota-exceeded`, `not-found`. */
export const blobsCreate: Operation<
  'blobs.create',
  { readonly room: Uint8Array; readonly sizeBytes: number },
  Capability & { readonly upload: Uint8Array }
> = operation({
  name: 'blobs.create',
  scopes: ['device'],
  input: z.strictObject({ room: hash32, sizeBytes: blobSize }),
  output: z.strictObject({ upload: uploadId, capability: hash32, expiresAt: milliseconds }),
});

/** A new capability for an own upload; earlier ones end. Throws `not-found` for one that expired or was finished. */
export const blobsResume: Operation<'blobs.resume', { readonly upload: Uint8Array }, Capability> = operation({
  name: 'blobs.resume',
  scopes: ['device'],
  input: z.strictObject({ upload: uploadId }),
  output: z.strictObject({ capability: hash32, expiresAt: milliseconds }),
});

/**
 * Says what the address of an upload is whose bytes are all there; it is a blob from then on. Repeating it is answered
 * alike. Throws `blob-mismatch`, and the upload is gone, if its bytes have another hash; `not-found`.
 */
export const blobsFinish: Operation<
  'blobs.finish',
  { readonly upload: Uint8Array; readonly hash: Uint8Array },
  Record<string, never>
> = operation({
  name: 'blobs.finish',
  scopes: ['device'],
  input: z.strictObject({ upload: uploadId, hash: hash32 }),
  output: emptyMap,
});

/** Forgets an own upload; it may be gone already. */
export const blobsCancel: Operation<'blobs.cancel', { readonly upload: Uint8Array }, Record<string, never>> = operation(
  {
    name: 'blobs.cancel',
    scopes: ['device'],
    input: z.strictObject({ upload: uploadId }),
    output: emptyMap,
  },
);

/** A capability to read a blob that a record of the room names. Throws `not-found`. */
export const blobsRead: Operation<
  'blobs.read',
  { readonly room: Uint8Array; readonly hash: Uint8Array },
  Capability & { readonly sizeBytes: number }
> = operation({
  name: 'blobs.read',
  scopes: ['device'],
  input: z.strictObject({ room: hash32, hash: hash32 }),
  output: z.strictObject({ capability: hash32, expiresAt: milliseconds, sizeBytes: blobSize }),
});
