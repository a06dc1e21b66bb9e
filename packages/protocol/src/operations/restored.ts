import { z } from 'zod/mini';
import { type Envelope, envelope } from '../envelope.ts';
import { boundedBytes, count, hash32, lengthMap } from '../format.ts';
import { type SignedHead, signedHead } from '../head.ts';
import { MAX_MEMBERS } from '../limits.ts';
import { type Operation, operation } from '../operation.ts';
import { type LogEntry, logEntry } from '../submission.ts';

/** An entry of a room's log as a member kept it, to give it back to a server that lost it. */
export interface OriginalEntry {
  /** As the server once gave it to this member, with what it seals to this member. */
  readonly entry: LogEntry;
  /** What it seals to everybody, in the order of its rows: its author alone has that. */
  readonly seals: readonly Uint8Array[] | null;
}

/**
 * Tells a restored server the newest head that this device has of a room. `open`: the room takes entries again. `from`:
 * where what members gave back begins, if they did: there the server wants what is sealed to each of them.
 */
export const roomsConfirm: Operation<
  'rooms.confirm',
  { readonly room: Uint8Array; readonly head: SignedHead },
  { readonly open: boolean; readonly from: number | null }
> = operation({
  name: 'rooms.confirm',
  scopes: ['device'],
  input: z.strictObject({ room: hash32, head: signedHead }),
  output: z.strictObject({ open: z.boolean(), from: z.nullable(count) }),
});

/**
 * Gives back entries that a restored server lost. `hashes` are the hashes of signed bytes of all positions from `from`
 * to the end of `head`: with the server's own log they must lead to that head. Answered with the length of its log now.
 */
export const roomsRestore: Operation<
  'rooms.restore',
  {
    readonly room: Uint8Array;
    readonly head: SignedHead;
    readonly from: number;
    readonly hashes: readonly Uint8Array[];
    readonly entries: readonly OriginalEntry[];
  },
  { readonly length: number }
> = operation({
  name: 'rooms.restore',
  scopes: ['device'],
  input: z.strictObject({
    room: hash32,
    head: signedHead,
    from: count,
    hashes: z.array(hash32).check(z.maxLength(2000)),
    entries: z
      .array(
        z.strictObject({
          entry: logEntry,
          seals: z.nullable(z.array(boundedBytes(8192, 1)).check(z.maxLength(MAX_MEMBERS))),
        }),
      )
      .check(z.minLength(1), z.maxLength(200)),
  }),
  output: lengthMap,
});

/** Tells a restored server the newest head that this device has of its own sigchain. */
export const chainsConfirm: Operation<'chains.confirm', { readonly head: SignedHead }, { readonly open: boolean }> =
  operation({
    name: 'chains.confirm',
    scopes: ['device'],
    input: z.strictObject({ head: signedHead }),
    output: z.strictObject({ open: z.boolean() }),
  });

/**
 * Gives back statements of an account's sigchain, or all of it, up to a head that the cluster signed. Answered with the
 * length of the chain now.
 */
export const chainsRestore: Operation<
  'chains.restore',
  { readonly account: Uint8Array; readonly head: SignedHead; readonly statements: readonly Envelope[] },
  { readonly length: number }
> = operation({
  name: 'chains.restore',
  scopes: ['device'],
  input: z.strictObject({
    account: hash32,
    head: signedHead,
    statements: z.array(envelope.schema).check(z.minLength(1), z.maxLength(64)),
  }),
  output: lengthMap,
});
