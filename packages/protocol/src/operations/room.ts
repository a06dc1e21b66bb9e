import { z } from 'zod/mini';
import { boundedBytes, count, hash32, milliseconds } from '../format.ts';
import { type SignedHead, signedHead } from '../head.ts';
import { type Operation, operation } from '../operation.ts';
import { type RoomType, roomTypes } from '../roster.ts';
import {
  type LogEntry,
  logEntry,
  type RecordSubmission,
  recordSubmission,
  type StatementSubmission,
  statementEntry,
  statementSubmission,
} from '../submission.ts';

/** Creates a room: `create` and era 0, one batch. Repeating the same bytes is answered alike. */
export const roomsCreate: Operation<
  'rooms.create',
  { readonly statements: readonly StatementSubmission[] },
  { readonly head: SignedHead }
> = operation({
  name: 'rooms.create',
  scopes: ['device'],
  input: z.strictObject({ statements: z.array(statementSubmission).check(z.length(2)) }),
  output: z.strictObject({ head: signedHead }),
});

/** Appends a roster statement: compare-and-swap on `prevStatement`, `roster-stale` for the loser. */
export const roomsAppend: Operation<
  'rooms.append',
  { readonly room: Uint8Array; readonly statement: StatementSubmission },
  { readonly n: number; readonly head: SignedHead }
> = operation({
  name: 'rooms.append',
  scopes: ['device'],
  input: z.strictObject({ room: hash32, statement: statementSubmission }),
  output: z.strictObject({ n: count, head: signedHead }),
});

/** A room as it is listed. */
export interface ListedRoom {
  readonly room: Uint8Array;
  readonly type: RoomType;
  /** Entries that the caller may read: of a room that it left up to the leave. */
  readonly length: number;
  /** When the server took the newest of them, milliseconds. */
  readonly at: number;
  readonly head: SignedHead;
}

/** The rooms that the caller is or was a member of, oldest first. */
export const roomsList: Operation<
  'rooms.list',
  { readonly after: Uint8Array | null },
  { readonly rooms: readonly ListedRoom[] }
> = operation({
  name: 'rooms.list',
  scopes: ['device'],
  input: z.strictObject({ after: z.nullable(hash32) }),
  output: z.strictObject({
    rooms: z
      .array(
        z.strictObject({
          room: hash32,
          type: z.enum(roomTypes),
          length: z.int().check(z.positive()),
          at: milliseconds,
          head: signedHead,
        }),
      )
      .check(z.maxLength(500)),
  }),
});

/** Most positions of one skeleton answer: their hashes leave room for statements in the frame. */
export const MAX_SKELETON = 4096;

/** A stretch of a room's log without its records. */
export interface Skeleton {
  /** H(signed bytes) of the entries from `from` on, 32 bytes each. */
  readonly hashes: Uint8Array;
  /** The roster statements among them, in order. */
  readonly statements: readonly (LogEntry & { readonly kind: 'statement' })[];
  readonly head: SignedHead;
}

/** Reads of a room's log the statements, and of its records the hashes alone: what fixes the log and who is in it. */
export const roomsSkeleton: Operation<
  'rooms.skeleton',
  { readonly room: Uint8Array; readonly from: number; readonly limit: number },
  Skeleton
> = operation({
  name: 'rooms.skeleton',
  scopes: ['device'],
  input: z.strictObject({ room: hash32, from: count, limit: z.int().check(z.minimum(1), z.maximum(MAX_SKELETON)) }),
  output: z.strictObject({
    hashes: boundedBytes(MAX_SKELETON * 32).check(z.refine(({ length }) => length % 32 === 0)),
    statements: z.array(statementEntry).check(z.maxLength(MAX_SKELETON)),
    head: signedHead,
  }),
});

/** Reads a room's log from a position on, as many entries as fit a frame; a member who left reads up to the leave. */
export const roomsRead: Operation<
  'rooms.read',
  { readonly room: Uint8Array; readonly from: number; readonly limit: number },
  { readonly entries: readonly LogEntry[]; readonly head: SignedHead }
> = operation({
  name: 'rooms.read',
  scopes: ['device'],
  input: z.strictObject({ room: hash32, from: count, limit: z.int().check(z.minimum(1), z.maximum(500)) }),
  output: z.strictObject({ entries: z.array(logEntry).check(z.maxLength(500)), head: signedHead }),
});

/**
 * Appends records of the calling device in order; stops at the first that is refused. A repeated (device, seq, hash)
 * is answered with its first position.
 */
export const recordsAppend: Operation<
  'records.append',
  { readonly room: Uint8Array; readonly records: readonly RecordSubmission[] },
  { readonly positions: readonly number[]; readonly refused: string | null; readonly head: SignedHead }
> = operation({
  name: 'records.append',
  scopes: ['device'],
  input: z.strictObject({ room: hash32, records: z.array(recordSubmission).check(z.minLength(1), z.maxLength(64)) }),
  output: z.strictObject({
    positions: z.array(count).check(z.maxLength(64)),
    refused: z.nullable(z.string()),
    head: signedHead,
  }),
});
