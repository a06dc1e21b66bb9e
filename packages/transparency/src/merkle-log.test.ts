import { hex, parseHex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { appendLeaves, consistencyProof, inclusionProof, MemoryLog } from './log.fixture.ts';
import { leafHash, verifyConsistency, verifyInclusion } from './merkle-log.ts';

/** The eight leaves of the test data of Certificate Transparency (RFC 6962) and the roots of the logs that they make. */
const leaves = ['', '00', '10', '2021', '3031', '40414243', '5051525354555657', '606162636465666768696a6b6c6d6e6f'];
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];

describe('the log computes the known answers of RFC 6962', () => {
  test('roots', () => {
    for (const [i, root] of roots.entries()) {
      assert.strictEqual(hex(appendLeaves(leaves.slice(0, i + 1).map(parseHex)).root()), root);
    }
    assert.strictEqual(hex(new MemoryLog().root()), hex(sha256()));
  });

  test.each([
    [
      0,
      8,
      [
        1,
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      5,
      8,
      [
        4,
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [2, 3, ['fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125']],
  ])('the way of leaf %i of %i', (index, size, path) => {
    const log = appendLeaves(leaves.slice(0, size).map(parseHex));
    const expected = path.map((item) =>
      typeof item === 'string' ? item : hex(leafHash(parseHex(leaves[item] ?? ''))),
    );
    assert.deepEqual(inclusionProof(log, index).map(hex), expected);
  });

  test.each([
    [
      1,
      8,
      [
        '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
      ],
    ],
    [
      6,
      8,
      [
        '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
        'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
        'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
      ],
    ],
    [
      2,
      5,
      [
        '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
        'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
      ],
    ],
    [8, 8, []],
  ])('the growth from %i to %i', (from, to, proof) => {
    const log = appendLeaves(leaves.slice(0, to).map(parseHex));
    assert.deepEqual(consistencyProof(log, from).map(hex), proof);
  });
});

describe('proofs of the log', () => {
  const logs = Array.from({ length: 40 }, (_, i) =>
    appendLeaves(Array.from({ length: i + 1 }, (_, n) => Uint8Array.of(n))),
  );

  test('hold for every leaf and every growth of forty logs', () => {
    for (const log of logs) {
      const extent = { size: log.size, root: log.root() };
      for (let index = 0; index < log.size; index++) {
        verifyInclusion(leafHash(Uint8Array.of(index)), inclusionProof(log, index), { index, log: extent });
        const earlier = logs[index] as MemoryLog;
        verifyConsistency({ size: earlier.size, root: earlier.root() }, extent, consistencyProof(log, earlier.size));
      }
    }
  });

  test('are refused for another leaf, place, size or root, and when anything is added, left out or changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(39), fc.nat(39), fc.nat(), fc.nat(), async (size, leaf, place, bit) => {
        const log = logs[size] as MemoryLog;
        const index = leaf % log.size;
        const path = inclusionProof(log, index);
        const extent = { size: log.size, root: log.root() };
        const check = (changed: readonly Uint8Array[], at = index, to = extent, data = index) =>
          codeOf(() => verifyInclusion(leafHash(Uint8Array.of(data)), changed, { index: at, log: to }));
        assert.strictEqual(await check(path), null);
        assert.strictEqual(await check(path, index, extent, index + 1), 'proof-invalid');
        assert.strictEqual(await check([...path, path[0] ?? new Uint8Array(32)]), 'proof-invalid');
        assert.strictEqual(await check(path, index, { ...extent, root: flip(extent.root, bit) }), 'proof-invalid');
        assert.strictEqual(await check(path, log.size), 'proof-invalid');
        assert.strictEqual(await check(path, -1), 'proof-invalid');
        if (path.length === 0) return;
        assert.strictEqual(await check(path.slice(1)), 'proof-invalid');
        assert.strictEqual(await check(change(path, place, bit)), 'proof-invalid');
        assert.strictEqual(await check(path, (index + 1) % log.size), 'proof-invalid');
      }),
    );
  });

  test('of growth are refused for logs of another past', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(38),
        fc.integer({ min: 1, max: 39 }),
        fc.nat(),
        fc.nat(),
        async (size, more, place, bit) => {
          const old = logs[size] as MemoryLog;
          const grown = logs[Math.min(39, size + more)] as MemoryLog;
          const proof = consistencyProof(grown, old.size);
          const from = { size: old.size, root: old.root() };
          const to = { size: grown.size, root: grown.root() };
          const check = (changed: readonly Uint8Array[], one = from, other = to) =>
            codeOf(() => verifyConsistency(one, other, changed));
          assert.strictEqual(await check(proof), null);
          assert.strictEqual(await check(proof, { ...from, root: flip(from.root, bit) }), 'proof-invalid');
          assert.strictEqual(await check(proof, from, { ...to, root: flip(to.root, bit) }), 'proof-invalid');
          assert.strictEqual(await check(proof.slice(1)), 'proof-invalid');
          assert.strictEqual(await check([...proof, new Uint8Array(32)]), 'proof-invalid');
          assert.strictEqual(await check(change(proof, place, bit)), 'proof-invalid');
          assert.strictEqual(await check([], to, from), 'proof-invalid');
          assert.strictEqual(await check([], { size: 0, root: sha256() }), 'proof-invalid');
          const other = appendLeaves(
            Array.from({ length: grown.size }, (_, n) => Uint8Array.of(n === place % old.size ? 99 : n)),
          );
          const forked = { size: other.size, root: other.root() };
          assert.strictEqual(await check(consistencyProof(other, old.size), from, forked), 'proof-invalid');
        },
      ),
    );
  });
});

function flip(hash: Uint8Array, bit: number): Uint8Array {
  return hash.map((byte, i) => (i === (bit >> 3) % hash.length ? byte ^ (1 << (bit & 7)) : byte));
}

function change(path: readonly Uint8Array[], place: number, bit: number): Uint8Array[] {
  return path.map((hash, i) => (i === place % path.length ? flip(hash, bit) : hash));
}
