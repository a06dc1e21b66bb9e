import { equal } from '@sotto/bytes';
import { taggedHash } from '@sotto/crypto';
import { TransparencyPeerFault } from './fault.ts';

/**
 * A prefix tree over indexes of 32 bytes. A subtree with one entry is that entry's leaf, wherever it hangs; one with more
 * branches by the next bit of their indexes; one with none is nothing. A path is the bits from the root, as text.
 */
export type MapNode = MapLeaf | MapBranch;

export interface MapLeaf {
  readonly kind: 'leaf';
  readonly hash: Uint8Array;
  readonly index: Uint8Array;
  /** What the entry's value hashes to, 32 bytes. */
  readonly value: Uint8Array;
}

export interface MapBranch {
  readonly kind: 'branch';
  readonly hash: Uint8Array;
}

/** What stands at an index of a map: the hashes beside the way to it, from the root down, and the leaf where it ends. */
export interface MapProof {
  readonly siblings: readonly Uint8Array[];
  /** A leaf of another index proves that this one is absent; null if the way ends in nothing. */
  readonly leaf: { readonly index: Uint8Array; readonly value: Uint8Array } | null;
}

/** Hash of a map without entries, and of a branch's empty side. */
export const EMPTY_MAP: Uint8Array = new Uint8Array(32);

export function mapLeaf(index: Uint8Array, value: Uint8Array): MapLeaf {
  return { kind: 'leaf', index, value, hash: taggedHash('sotto/map-leaf/v1', index, value) };
}

/**
 * What a map has to store to hold `changes` as well. `load` gives the nodes that are stored at paths, one level at a time;
 * a path without a node is left out of its answer. The last of the result is the root's.
 */
export async function changeMap(
  changes: readonly MapLeaf[],
  load: (paths: readonly string[]) => Promise<ReadonlyMap<string, MapNode>>,
): Promise<ReadonlyMap<string, MapNode>> {
  const stored = new Map<string, MapNode>();
  const leaves = changes.map((leaf) => ({ leaf, bits: mapBits(leaf.index) }));
  for (let ways = [''], paths = ['']; paths.length > 0; ) {
    for (const [path, node] of await load(paths)) stored.set(path, node);
    ways = ways.filter((path) => stored.get(path)?.kind === 'branch').flatMap((path) => [`${path}0`, `${path}1`]);
    paths = ways;
    ways = ways.filter((path) => leaves.some(({ bits }) => bits.startsWith(path)));
  }
  const written = new Map<string, MapNode>();
  place('', leaves, { stored, written });
  return written;
}

/** What proves the state of an index, out of the nodes at the paths along it and beside it. */
export function proveMap(index: Uint8Array, nodeAt: (path: string) => MapNode | null): MapProof {
  const bits = mapBits(index);
  const siblings: Uint8Array[] = [];
  for (let depth = 0; ; depth++) {
    const node = nodeAt(bits.slice(0, depth));
    if (node === null) return { siblings, leaf: null };
    if (node.kind === 'leaf') return { siblings, leaf: { index: node.index, value: node.value } };
    siblings.push(nodeAt(sibling(bits, depth))?.hash ?? EMPTY_MAP);
  }
}

/** Paths along an index and beside it, as far as `depth` bits: all that `proveMap` may ask for. */
export function mapPaths(index: Uint8Array, depth: number): string[] {
  const bits = mapBits(index);
  const paths = [''];
  for (let i = 0; i < depth; i++) paths.push(bits.slice(0, i + 1), sibling(bits, i));
  return paths;
}

/**
 * What a proof shows to stand at an index of the map of that root: the hash of a value, or null for nothing. Throws
 * `proof-invalid`.
 */
export function verifyMap(root: Uint8Array, index: Uint8Array, { siblings, leaf }: MapProof): Uint8Array | null {
  const bits = mapBits(index);
  const depth = siblings.length;
  if (depth > bits.length) throw proofInvalid();
  if (leaf !== null && !mapBits(leaf.index).startsWith(bits.slice(0, depth))) throw proofInvalid();
  let hash: Uint8Array = leaf === null ? EMPTY_MAP : mapLeaf(leaf.index, leaf.value).hash;
  for (let i = depth - 1; i >= 0; i--) {
    const beside = siblings[i] as Uint8Array;
    hash = bits[i] === '0' ? branchHash(hash, beside) : branchHash(beside, hash);
  }
  if (!equal(hash, root)) throw proofInvalid();
  return leaf !== null && equal(leaf.index, index) ? leaf.value : null;
}

interface PlacedLeaf {
  readonly leaf: MapLeaf;
  readonly bits: string;
}

/** Puts leaves below a path and gives the node that stands there then; null for none. */
function place(
  path: string,
  leaves: readonly PlacedLeaf[],
  tree: { readonly stored: ReadonlyMap<string, MapNode>; readonly written: Map<string, MapNode> },
): MapNode | null {
  const existing = tree.stored.get(path) ?? null;
  if (leaves.length === 0) return existing;
  if (existing?.kind === 'branch') return branch(path, leaves, tree);
  const isReplaced = existing !== null && leaves.some(({ leaf }) => equal(leaf.index, existing.index));
  const all = existing === null || isReplaced ? leaves : [...leaves, { leaf: existing, bits: mapBits(existing.index) }];
  const [first] = all;
  if (all.length > 1 || first === undefined) return branch(path, all, tree);
  tree.written.set(path, first.leaf);
  return first.leaf;
}

function branch(path: string, leaves: readonly PlacedLeaf[], tree: Parameters<typeof place>[2]): MapNode {
  const side = (bit: '0' | '1'): Uint8Array => {
    const below = leaves.filter(({ bits }) => bits[path.length] === bit);
    return place(path + bit, below, tree)?.hash ?? EMPTY_MAP;
  };
  const node: MapNode = { kind: 'branch', hash: branchHash(side('0'), side('1')) };
  tree.written.set(path, node);
  return node;
}

function branchHash(left: Uint8Array, right: Uint8Array): Uint8Array {
  return taggedHash('sotto/map-node/v1', left, right);
}

/** An index as text of 256 bits, the highest of the first byte first. */
function mapBits(index: Uint8Array): string {
  let bits = '';
  for (const byte of index) bits += byte.toString(2).padStart(8, '0');
  return bits;
}

function sibling(bits: string, depth: number): string {
  return bits.slice(0, depth) + (bits[depth] === '0' ? '1' : '0');
}

function proofInvalid(): TransparencyPeerFault {
  return new TransparencyPeerFault('proof-invalid', 'a proof of the map that does not hold');
}
