import { equal } from '@sotto/bytes';
import { taggedHash } from '@sotto/crypto';

/** Root of a binary Merkle tree over leaf hashes, split as in RFC 9162 section 2.1; null for no leaves. */
export function merkleRoot(leaves: readonly Uint8Array[]): Uint8Array | null {
  if (leaves.length <= 1) return leaves[0] ?? null;
  const split = largestPowerBelow(leaves.length);
  return node(merkleRoot(leaves.slice(0, split)) as Uint8Array, merkleRoot(leaves.slice(split)) as Uint8Array);
}

/** The sibling hashes from leaf `index` up to the root (RFC 9162 section 2.1.3.1). */
export function merklePath(leaves: readonly Uint8Array[], index: number): Uint8Array[] {
  if (leaves.length <= 1) return [];
  const split = largestPowerBelow(leaves.length);
  return index < split
    ? [...merklePath(leaves.slice(0, split), index), merkleRoot(leaves.slice(split)) as Uint8Array]
    : [...merklePath(leaves.slice(split), index - split), merkleRoot(leaves.slice(0, split)) as Uint8Array];
}

/** True if the leaf at `index` of a tree with `size` leaves leads to `root` by `path` (RFC 9162 section 2.1.3.2). */
export function verifyMerklePath(
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  { root, index, size }: { readonly root: Uint8Array; readonly index: number; readonly size: number },
): boolean {
  if (index >= size) return false;
  const computed = climb(leaf, path, { index, size });
  return computed !== null && equal(computed, root);
}

function climb(
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  { index, size }: { readonly index: number; readonly size: number },
): Uint8Array | null {
  if (size === 1) return path.length === 0 ? leaf : null;
  const sibling = path.at(-1);
  if (sibling === undefined) return null;
  const split = largestPowerBelow(size);
  const rest = path.slice(0, -1);
  const left = index < split;
  const below = climb(leaf, rest, left ? { index, size: split } : { index: index - split, size: size - split });
  if (below === null) return null;
  return left ? node(below, sibling) : node(sibling, below);
}

function node(left: Uint8Array, right: Uint8Array): Uint8Array {
  return taggedHash('sotto/node/v1', left, right);
}

function largestPowerBelow(count: number): number {
  return 2 ** (31 - Math.clz32(count - 1));
}
