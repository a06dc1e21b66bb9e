import { equal, hex } from '@sotto/bytes';
import type { Primitives, Secret } from '@sotto/crypto';
import { type Extent, type HeadSubject, type SignedHead, signHead, verifyHead } from '@sotto/protocol';
import { RecentMap } from '../store/memory.ts';

/** The heads of one cluster. */
export interface Heads {
  /**
   * The cluster's word on a log that has this extent now; `at` for one that had it then. At most one signature for an
   * extent and hour, so that a busy log costs one per commit.
   */
  sign(subject: HeadSubject, extent: Extent, at?: number): Promise<SignedHead>;
  /** Throws `head-invalid` unless the cluster signed it. */
  verify(subject: HeadSubject, head: SignedHead): Promise<void>;
}

export interface HeadOptions {
  readonly headKey: Secret;
  /** Under which heads verify, newest first. */
  readonly publicKeys: readonly Uint8Array[];
  readonly incarnation: number;
  now(): number;
}

export function clusterHeads(primitives: Primitives, { headKey, publicKeys, incarnation, now }: HeadOptions): Heads {
  const recent = new RecentMap<string, Promise<SignedHead>>(MAX_KEPT);
  // Either way: a clock that was put back leaves heads of a time to come.
  const isFresh = (known: SignedHead, at: number | undefined) =>
    at === undefined ? Math.abs(now() - known.at) < MAX_REUSE_MILLISECONDS : known.at === at;
  return {
    async sign(subject, extent, at) {
      const key = keyOf(subject, extent);
      const known = await recent.get(key);
      if (known !== undefined && isFresh(known, at)) return known;
      const signed = signHead(primitives, headKey, { subject, extent, at: at ?? now(), incarnation });
      recent.set(key, signed);
      return signed;
    },

    async verify(subject, head) {
      // Records name heads that were signed a moment ago: what is kept as signed needs no verification.
      const known = await recent.get(keyOf(subject, head));
      if (known === undefined || !isSame(known, head)) await verifyHead(primitives, publicKeys, { subject, head });
    },
  };
}

function keyOf({ kind, id }: HeadSubject, { hash }: Extent): string {
  return `${kind}/${hex(id)}/${hex(hash)}`;
}

/** Of one subject and one hash, so all that the signature is over. */
function isSame(known: SignedHead, { length, at, incarnation, signature }: SignedHead): boolean {
  return (
    known.length === length && known.at === at && known.incarnation === incarnation && equal(known.signature, signature)
  );
}

const MAX_REUSE_MILLISECONDS = 3600 * 1000;
const MAX_KEPT = 20_000;
