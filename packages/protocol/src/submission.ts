import { z } from 'zod/mini';
import { type Envelope, envelope } from './envelope.ts';
import { boundedBytes, count, fixedBytes, hash32 } from './format.ts';
import { MAX_FRAME_BYTES, MAX_MEMBERS } from './limits.ts';
import { type MessageKeyRow, type SealedMessageKey, type SealedRecord, sealedMessageKey } from './record.ts';
import { type TableRow, tableRow } from './roster.ts';

/** A roster statement on its way in, with what lies beside it: an era's rows and entries, or a newcomer's one entry. */
export interface StatementSubmission {
  readonly envelope: Envelope;
  /** The whole table, or what differs in it from the table in force before. */
  readonly rows: readonly TableRow[];
  /** Sealed entries in the order of the table, none if they were staged; for an add without an era the newcomer's alone. */
  readonly entries: readonly Uint8Array[];
}

/** A record on its way in; `keys` only under keying `per-message`. */
export interface RecordSubmission {
  readonly record: SealedRecord & { readonly body: Uint8Array };
  readonly keys: readonly SealedMessageKey[] | null;
}

/** A sealed entry for the reader, with the Merkle path from its leaf to the signed root. */
export interface OwnEntry {
  readonly sealed: Uint8Array;
  readonly index: number;
  readonly size: number;
  readonly path: readonly Uint8Array[];
}

/** One position of a room's log as a reader gets it. */
export type LogEntry =
  | {
      readonly kind: 'statement';
      readonly n: number;
      readonly envelope: Envelope;
      /** As in a submission. */
      readonly rows: readonly TableRow[];
      /** Null if the statement seals nothing to the reader. */
      readonly entry: OwnEntry | null;
    }
  | {
      readonly kind: 'record';
      readonly n: number;
      readonly record: SealedRecord;
      readonly keyRows: readonly MessageKeyRow[] | null;
      readonly sealedKey: Uint8Array | null;
    };

const tableRows = z.array(tableRow).check(z.maxLength(MAX_MEMBERS));

export const statementSubmission: z.ZodMiniType<StatementSubmission> = z.strictObject({
  envelope: envelope.schema,
  rows: tableRows,
  entries: z.array(boundedBytes(8192, 1)).check(z.maxLength(MAX_MEMBERS)),
});

export const recordSubmission: z.ZodMiniType<RecordSubmission> = z.strictObject({
  record: z.strictObject({
    signed: boundedBytes(32 * 1024, 1),
    signature: boundedBytes(8192, 1),
    body: boundedBytes(MAX_FRAME_BYTES, 1),
  }),
  keys: z.nullable(z.array(sealedMessageKey).check(z.maxLength(MAX_MEMBERS))),
});

const ownEntry: z.ZodMiniType<OwnEntry> = z.strictObject({
  sealed: boundedBytes(8192, 1),
  index: count,
  size: z.int().check(z.positive()),
  path: z.array(hash32).check(z.maxLength(16)),
});

const statement = z.strictObject({
  kind: z.literal('statement'),
  n: count,
  envelope: envelope.schema,
  rows: tableRows,
  entry: z.nullable(ownEntry),
});

export const statementEntry: z.ZodMiniType<LogEntry & { readonly kind: 'statement' }> = statement;

export const logEntry: z.ZodMiniType<LogEntry> = z.discriminatedUnion('kind', [
  statement,
  z.strictObject({
    kind: z.literal('record'),
    n: count,
    record: z.strictObject({
      signed: boundedBytes(32 * 1024, 1),
      signature: boundedBytes(8192, 1),
      body: z.nullable(boundedBytes(MAX_FRAME_BYTES, 1)),
    }),
    keyRows: z.nullable(
      z
        .array(z.strictObject({ fingerprint: fixedBytes(32), generation: count, hash: hash32 }))
        .check(z.maxLength(MAX_MEMBERS)),
    ),
    sealedKey: z.nullable(boundedBytes(8192, 1)),
  }),
]);
