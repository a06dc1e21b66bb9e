import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { TransparencyPeerFault, TransparencyUsageFault } from './fault.ts';
import { MAX_LOG_SIZE } from './limits.ts';

/** A node of the log over a complete subtree: that of the leaves from `index * 2 ** level`, `2 ** level` of them. */
export interface LogNode {
  readonly level: number;
  readonly index: number;
}

/** Leaves from `start` to before `end`, as a proof needs their hash. */
export interface LogRange {
  readonly start: number;
  readonly end: number;
}

/** What a log of `size` leaves is known by. */
export interface LogExtent {
  readonly size: number;
  readonly root: Uint8Array;
}

/** Hash of a leaf (RFC 9162 section 2.1.1): 32 bytes. */
export function leafHash(data: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(Uint8Array.of(0), data);
}

/** Hash of an inner node (RFC 9162 section 2.1.1): 32 bytes. */
function nodeHash(left: Uint8Array, right: Uint8Array): Uint8Array<ArrayBuffer> {
  return sha256(Uint8Array.of(1), left, right);
}

/** The leaves beside the way from leaf `index` to the root, lowest first (RFC 9162 section 2.1.3.1). */
export function inclusionRanges(index: number, { start, end }: LogRange): LogRange[] {
  if (end - start <= 1) return [];
  const middle = start + splitOf(end - start);
  return index < middle
    ? [...inclusionRanges(index, { start, end: middle }), { start: middle, end }]
    : [...inclusionRanges(index, { start: middle, end }), { start, end: middle }];
}

/** The ranges of which a proof consists that the first `from` of `to` leaves are what they were (RFC 9162 section 2.1.4.1). */
export function consistencyRanges(from: number, to: number): LogRange[] {
  return subProof(from, { start: 0, end: to }, true);
}

/** The stored nodes under ranges: what has to be at hand for `rangeHash`. */
export function nodesOf(ranges: readonly LogRange[]): LogNode[] {
  return ranges.flatMap(nodesUnder);
}

/** Root hash of the leaves of a range, out of the hashes of complete subtrees. */
export function rangeHash({ start, end }: LogRange, hashOf: (node: LogNode) => Uint8Array): Uint8Array {
  const size = end - start;
  if (size === 0) return sha256();
  if (isComplete({ start, end })) return hashOf(nodeAt({ start, end }));
  const middle = start + splitOf(size);
  return nodeHash(rangeHash({ start, end: middle }, hashOf), rangeHash({ start: middle, end }, hashOf));
}

/**
 * What a log of `size` leaves has to store for one more: the leaf's hash, and each node above it that is complete with it.
 * `hashOf` gives what is stored. Throws `log-too-long`.
 */
export function appendedNodes(
  size: number,
  leaf: Uint8Array,
  hashOf: (node: LogNode) => Uint8Array,
): { readonly node: LogNode; readonly hash: Uint8Array }[] {
  if (size >= MAX_LOG_SIZE) throw new TransparencyUsageFault('log-too-long', 'the log takes no more epochs');
  const added: { readonly node: LogNode; readonly hash: Uint8Array }[] = [
    { node: { level: 0, index: size }, hash: leaf },
  ];
  let hash = leaf;
  for (let level = 0, index = size; index % 2 === 1; level++, index = (index - 1) / 2) {
    hash = nodeHash(hashOf({ level, index: index - 1 }), hash);
    added.push({ node: { level: level + 1, index: (index - 1) / 2 }, hash });
  }
  return added;
}

/** The stored nodes that one more leaf needs: those to the left of it. */
export function frontierOf(size: number): LogNode[] {
  return nodesUnder({ start: 0, end: size });
}

/** Verifies that a leaf is the one at `index` of a log (RFC 9162 section 2.1.3.2). Throws `proof-invalid`. */
export function verifyInclusion(
  leaf: Uint8Array,
  path: readonly Uint8Array[],
  { index, log }: { readonly index: number; readonly log: LogExtent },
): void {
  const ranges = index < log.size ? inclusionRanges(index, { start: 0, end: log.size }) : [];
  if (index < 0 || index >= log.size || path.length !== ranges.length) throw proofInvalid('inclusion');
  let hash = leaf;
  for (const [i, { start }] of ranges.entries()) {
    const sibling = path[i] as Uint8Array;
    hash = start > index ? nodeHash(hash, sibling) : nodeHash(sibling, hash);
  }
  if (!equal(hash, log.root)) throw proofInvalid('inclusion');
}

/** Verifies that a log has grown out of an earlier one (RFC 9162 section 2.1.4.2). Throws `proof-invalid`. */
export function verifyConsistency(from: LogExtent, to: LogExtent, proof: readonly Uint8Array[]): void {
  if (from.size < 1 || from.size > to.size) throw proofInvalid('consistency');
  if (from.size === to.size) {
    if (proof.length === 0 && equal(from.root, to.root)) return;
    throw proofInvalid('consistency');
  }
  const ranges = consistencyRanges(from.size, to.size);
  if (proof.length !== ranges.length) throw proofInvalid('consistency');
  const hashes = new Map(ranges.map((range, i) => [keyOf(range), proof[i] as Uint8Array]));
  // The proof leaves out what the verifier knows already: the old root, if it stands in the new log as one node.
  if (isComplete({ start: 0, end: from.size })) hashes.set(keyOf({ start: 0, end: from.size }), from.root);
  const old = rootFrom({ start: 0, end: from.size }, hashes);
  const grown = rootFrom({ start: 0, end: to.size }, hashes);
  if (old === null || grown === null) throw proofInvalid('consistency');
  if (!equal(old, from.root) || !equal(grown, to.root)) throw proofInvalid('consistency');
}

/** The root of a range out of the hashes of a proof, splitting as the log does; null if one is missing. */
function rootFrom(range: LogRange, hashes: ReadonlyMap<string, Uint8Array>): Uint8Array | null {
  const known = hashes.get(keyOf(range));
  if (known !== undefined) return known;
  if (range.end - range.start <= 1) return null;
  const middle = range.start + splitOf(range.end - range.start);
  const left = rootFrom({ start: range.start, end: middle }, hashes);
  const right = rootFrom({ start: middle, end: range.end }, hashes);
  return left === null || right === null ? null : nodeHash(left, right);
}

/** SUBPROOF of RFC 9162 section 2.1.4.1; `isKnown` while the range is the whole of the old log. */
function subProof(from: number, { start, end }: LogRange, isKnown: boolean): LogRange[] {
  if (from === end) return isKnown ? [] : [{ start, end }];
  const middle = start + splitOf(end - start);
  return from <= middle
    ? [...subProof(from, { start, end: middle }, isKnown), { start: middle, end }]
    : [...subProof(from, { start: middle, end }, false), { start, end: middle }];
}

function nodesUnder({ start, end }: LogRange): LogNode[] {
  if (start === end) return [];
  if (isComplete({ start, end })) return [nodeAt({ start, end })];
  const middle = start + splitOf(end - start);
  return [...nodesUnder({ start, end: middle }), ...nodesUnder({ start: middle, end })];
}

function nodeAt({ start, end }: LogRange): LogNode {
  const level = 31 - Math.clz32(end - start);
  return { level, index: start / 2 ** level };
}

/** Whether the range has a power of two leaves; by the way the log splits it then starts at a multiple of it. */
function isComplete({ start, end }: LogRange): boolean {
  const size = end - start;
  return size > 0 && (size & (size - 1)) === 0;
}

/** The largest power of two below a size from 2. */
function splitOf(size: number): number {
  return 2 ** (31 - Math.clz32(size - 1));
}

function keyOf({ start, end }: LogRange): string {
  return `${start}-${end}`;
}

function proofInvalid(kind: string): TransparencyPeerFault {
  return new TransparencyPeerFault('proof-invalid', `a proof of ${kind} that does not hold`);
}
