import { sha256 } from '@sotto/crypto';
import fc from 'fast-check';
import { assert, test } from 'vitest';
import { merklePath, merkleRoot, verifyMerklePath } from './merkle.ts';

const leaves = (size: number) => Array.from({ length: size }, (_, i) => sha256(Uint8Array.of(i >> 8, i & 255)));
const sized = fc.integer({ min: 1, max: 300 }).chain((size) => fc.tuple(fc.constant(size), fc.nat(size - 1)));

test('every leaf leads to the root by its path', () => {
  fc.assert(
    fc.property(sized, ([size, index]) => {
      const tree = leaves(size);
      const root = merkleRoot(tree) as Uint8Array;
      const path = merklePath(tree, index);
      assert.isTrue(verifyMerklePath(tree[index] as Uint8Array, path, { root, index, size }));
      assert.isAtMost(path.length, Math.ceil(Math.log2(size)));
    }),
  );
});

test('by no other path, from no other place, to no other root', () => {
  fc.assert(
    fc.property(sized, fc.nat(), fc.nat(31), ([size, index], which, at) => {
      const tree = leaves(size);
      const root = merkleRoot(tree) as Uint8Array;
      const leaf = tree[index] as Uint8Array;
      const path = merklePath(tree, index);
      const place = { root, index, size };
      assert.isFalse(verifyMerklePath(leaf.with(at, (leaf[at] as number) ^ 1), path, place));
      assert.isFalse(verifyMerklePath(leaf, [...path, leaf], place));
      assert.isFalse(verifyMerklePath(leaf, path, { ...place, root: root.with(at, (root[at] as number) ^ 1) }));
      assert.isFalse(verifyMerklePath(leaf, path, { ...place, index: size }));
      if (size === 1) return;
      assert.isFalse(verifyMerklePath(leaf, path.slice(1), place));
      assert.isFalse(verifyMerklePath(leaf, path.slice(0, -1), place));
      assert.isFalse(verifyMerklePath(leaf, path, { ...place, index: (index + 1 + (which % (size - 1))) % size }));
      const turned = path.map((hash, i) =>
        i === which % path.length ? hash.with(at, (hash[at] as number) ^ 1) : hash,
      );
      assert.isFalse(verifyMerklePath(leaf, turned, place));
    }),
  );
});

test('an inner node poses as no leaf', () => {
  const tree = leaves(4);
  const inner = merkleRoot(tree.slice(0, 2)) as Uint8Array;
  const root = merkleRoot(tree) as Uint8Array;
  assert.isFalse(verifyMerklePath(inner, merklePath(tree, 0).slice(1), { root, index: 0, size: 4 }));
});

test('order and number of leaves count; no leaves have no root', () => {
  const tree = leaves(5);
  assert.notDeepEqual(merkleRoot(tree), merkleRoot(tree.toReversed()));
  assert.notDeepEqual(merkleRoot(tree), merkleRoot([...tree, tree[4] as Uint8Array]));
  assert.isNull(merkleRoot([]));
});
