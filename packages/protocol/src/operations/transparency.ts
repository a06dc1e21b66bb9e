import { z } from 'zod/mini';
import { type Address, address } from '../address.ts';
import { boundedBytes, count, fixedBytes, hash32 } from '../format.ts';
import { MAX_CHECKPOINT_BYTES, MAX_LOG_ADDRESSES, MAX_LOG_PROOFS } from '../limits.ts';
import { type Operation, operation } from '../operation.ts';

/** The newest checkpoint of the transparency log, and the proof that it grew out of the size that the caller knows (0 for none). */
export const transparencyCheckpoint: Operation<
  'transparency.checkpoint',
  { readonly from: number },
  { readonly checkpoint: Uint8Array; readonly consistency: readonly Uint8Array[] }
> = operation({
  name: 'transparency.checkpoint',
  scopes: ['device'],
  input: z.strictObject({ from: count }),
  output: z.strictObject({ checkpoint: boundedBytes(MAX_CHECKPOINT_BYTES, 1), consistency: logProof() }),
});

/** The proof that the first `from` epochs of a log of `to` are what they were. */
export const transparencyConsistency: Operation<
  'transparency.consistency',
  { readonly from: number; readonly to: number },
  { readonly consistency: readonly Uint8Array[] }
> = operation({
  name: 'transparency.consistency',
  scopes: ['device'],
  input: z.strictObject({ from: count, to: count }),
  output: z.strictObject({ consistency: logProof() }),
});

/** What the map says of an address, and how. */
export interface ShownEntry {
  readonly entry: { readonly account: Uint8Array; readonly length: number; readonly hash: Uint8Array } | null;
  readonly siblings: readonly Uint8Array[];
  readonly leaf: { readonly index: Uint8Array; readonly value: Uint8Array } | null;
}

/** Where an address stands, and what stands there in each of the epochs that were asked for. */
export interface ShownAddress {
  /** Proof of the verifiable random function, 80 bytes. */
  readonly placement: Uint8Array;
  readonly entries: readonly ShownEntry[];
}

/**
 * What the epochs from `from` to before `to` say of addresses, proven against the checkpoint of `size`; null for those
 * whose chain the caller may not see.
 */
export const transparencyEntries: Operation<
  'transparency.entries',
  { readonly size: number; readonly from: number; readonly to: number; readonly addresses: readonly Address[] },
  {
    readonly epochs: readonly { readonly epoch: Uint8Array; readonly path: readonly Uint8Array[] }[];
    readonly addresses: readonly (ShownAddress | null)[];
  }
> = operation({
  name: 'transparency.entries',
  scopes: ['device'],
  input: z
    .strictObject({
      size: count,
      from: count,
      to: count,
      addresses: z.array(address).check(z.minLength(1), z.maxLength(MAX_LOG_ADDRESSES)),
    })
    .check(z.refine(({ from, to, addresses }) => from < to && (to - from) * addresses.length <= MAX_LOG_PROOFS)),
  output: z.strictObject({
    epochs: z
      .array(z.strictObject({ epoch: boundedBytes(256, 1), path: logProof() }))
      .check(z.maxLength(MAX_LOG_PROOFS)),
    addresses: z.array(z.union([z.null(), shownAddress()])).check(z.maxLength(MAX_LOG_ADDRESSES)),
  }),
});

function shownAddress(): z.ZodMiniType<ShownAddress> {
  return z.strictObject({
    placement: fixedBytes(80),
    entries: z.array(shownEntry()).check(z.maxLength(MAX_LOG_PROOFS)),
  });
}

function shownEntry(): z.ZodMiniType<ShownEntry> {
  return z.strictObject({
    entry: z.union([z.null(), z.strictObject({ account: hash32, length: z.int().check(z.positive()), hash: hash32 })]),
    siblings: z.array(hash32).check(z.maxLength(256)),
    leaf: z.union([z.null(), z.strictObject({ index: hash32, value: hash32 })]),
  });
}

function logProof(): z.ZodMiniType<readonly Uint8Array[]> {
  return z.array(hash32).check(z.maxLength(64));
}
