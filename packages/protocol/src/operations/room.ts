import { z } from 'zod';
import { count, hash32 } from '../format.ts';
import { type SignedHead, signedHead } from '../head.ts';
import { type Operation, operation } from '../operation.ts';
import { type RoomType, roomTypes } from '../roster.ts';
import {
  type LogEntry,
  logEntry,
  type RecordSubmission,
  recordSubmission,
  type StatementSubmission,
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
  input: z.strictObject({ statements: z.array(statementSubmission).length(2) }),
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

/** The rooms that the caller is or was a member of, oldest first, with their extents; `entries` after leaving ends there. */
export const roomsList: Operation<
  'rooms.list',
  { readonly after: Uint8Array | null },
  { readonly rooms: readonly { readonly room: Uint8Array; readonly type: RoomType; readonly length: number }[] }
> = operation({
  name: 'rooms.list',
  scopes: ['device'],
  input: z.strictObject({ after: hash32.nullable() }),
  output: z.strictObject({
    rooms: z.array(z.strictObject({ room: hash32, type: z.enum(roomTypes), length: z.int().positive() })).max(1000),
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
  input: z.strictObject({ room: hash32, from: count, limit: z.int().min(1).max(500) }),
  output: z.strictObject({ entries: z.array(logEntry).max(500), head: signedHead }),
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
  input: z.strictObject({ room: hash32, records: z.array(recordSubmission).min(1).max(64) }),
  output: z.strictObject({ positions: z.array(count).max(64), refused: z.string().nullable(), head: signedHead }),
});
