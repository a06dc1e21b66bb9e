import { z } from 'zod/mini';
import { boundedBytes, type Format, format } from './format.ts';
import { MAX_STATEMENT_BYTES } from './limits.ts';

/**
 * What travels: the exact bytes that were signed, and the signatures of those who the bytes name as signers, in
 * that order. Nothing is re-encoded between signing and verifying.
 */
export interface Envelope {
  readonly signed: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

export const envelope: Format<Envelope> = format(
  'envelope',
  z.strictObject({
    signed: boundedBytes(MAX_STATEMENT_BYTES, 1),
    signatures: z.array(boundedBytes(8192, 1)).check(z.minLength(1), z.maxLength(4)),
  }),
);
