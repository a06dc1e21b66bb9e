import { hex } from '@sotto/bytes';
import type { Primitives, Secret } from '@sotto/crypto';
import { type Extent, type HeadSubject, type SignedHead, signHead } from '@sotto/protocol';

export interface HeadSigner {
  /**
   * The cluster's word on a log that has this extent now; `at` for one that had it then. At most one signature for an
   * extent and hour, so that a busy log costs one per commit.
   */
  sign(subject: HeadSubject, extent: Extent, at?: number): Promise<SignedHead>;
}

export function headSigner(
  primitives: Primitives,
  headKey: Secret,
  { now, incarnation }: { readonly now: () => number; readonly incarnation: number },
): HeadSigner {
  const recent = new Map<string, Promise<SignedHead>>();
  const fresh = async (key: string, at: number | undefined) => {
    const known = await recent.get(key);
    if (known === undefined) return null;
    return at === undefined
      ? now() - known.at < MAX_REUSE_MILLISECONDS
        ? known
        : null
      : known.at === at
        ? known
        : null;
  };
  return {
    async sign(subject, extent, at) {
      const key = `${subject.kind}/${hex(subject.id)}/${hex(extent.hash)}`;
      const known = await fresh(key, at);
      if (known !== null) return known;
      if (recent.size >= MAX_KEPT) recent.delete(recent.keys().next().value as string);
      const signed = signHead(primitives, headKey, { subject, extent, at: at ?? now(), incarnation });
      recent.set(key, signed);
      return signed;
    },
  };
}

const MAX_REUSE_MILLISECONDS = 3600 * 1000;
const MAX_KEPT = 20_000;
