import { equal, hex, utf8 } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { MemoryMap } from './log.fixture.ts';
import { changeMap, EMPTY_MAP, mapLeaf, mapPaths, proveMap, verifyMap } from './map.ts';

describe('the map', () => {
  test('has one root for its entries, in whatever steps and order they came', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(500), { maxLength: 30 }), fc.nat(30), async (numbers, cut) => {
        const stepwise = await mapOf(numbers.slice(0, cut), numbers.slice(cut).toReversed());
        const atOnce = await mapOf(numbers);
        assert.strictEqual(hex(rootOf(stepwise)), hex(rootOf(atOnce)));
      }),
      { numRuns: 50 },
    );
  });

  test('proves what it holds and what it lacks, and a new value after a change', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(300), { minLength: 1, maxLength: 40 }), async (numbers) => {
        const map = await mapOf(numbers);
        for (let number = 0; number < 30; number++) {
          const shown = verifyMap(
            rootOf(map),
            indexOf(number),
            proveMap(indexOf(number), (path) => map.at(path)),
          );
          assert.strictEqual(shown !== null, numbers.includes(number));
          if (shown !== null) assert.isTrue(equal(shown, valueAt(number)));
        }
        const [first = 0] = numbers;
        map.keep(await changeMap([mapLeaf(indexOf(first), valueAt(1000))], map.load));
        const changed = verifyMap(
          rootOf(map),
          indexOf(first),
          proveMap(indexOf(first), (path) => map.at(path)),
        );
        assert.isTrue(changed !== null && equal(changed, valueAt(1000)));
      }),
      { numRuns: 30 },
    );
  });

  test('of nothing proves every absence', () => {
    assert.isNull(
      verifyMap(
        EMPTY_MAP,
        indexOf(1),
        proveMap(indexOf(1), () => null),
      ),
    );
  });

  test('branches as deep as two indexes agree', async () => {
    const map = new MemoryMap();
    const near = indexOf(1).map((byte, i) => (i === 31 ? byte ^ 1 : byte));
    map.keep(await changeMap([mapLeaf(indexOf(1), valueAt(1)), mapLeaf(near, valueAt(2))], map.load));
    const proof = proveMap(near, (path) => map.at(path));
    assert.strictEqual(proof.siblings.length, 256);
    assert.isTrue(equal(verifyMap(rootOf(map), near, proof) as Uint8Array, valueAt(2)));
  });

  test('is changed by touching the ways of the changes alone', async () => {
    const map = await mapOf(Array.from({ length: 2000 }, (_, i) => i));
    map.asked.length = 0;
    const written = await changeMap(
      [1, 5000].map((n) => mapLeaf(indexOf(n), valueAt(9))),
      map.load,
    );
    const isOnWay = (path: string) => [1, 5000].some((n) => mapPaths(indexOf(n), 256).includes(path));
    assert.isBelow(written.size, 60);
    assert.isBelow(map.asked.length, 100);
    assert.isTrue(map.asked.every(isOnWay));
  });

  test('gives no proof for another root, index, value or way', async () => {
    const map = await mapOf(Array.from({ length: 50 }, (_, i) => i));
    const root = rootOf(map);
    const index = indexOf(7);
    const proof = proveMap(index, (path) => map.at(path));
    const leaf = proof.leaf as NonNullable<typeof proof.leaf>;
    const check = (changed: object, at = index, under = root) =>
      codeOf(() => verifyMap(under, at, { ...proof, ...changed }));
    assert.strictEqual(await check({}), null);
    assert.strictEqual(await check({}, index, rootOf(await mapOf([7]))), 'proof-invalid');
    assert.strictEqual(await check({}, indexOf(8)), 'proof-invalid');
    assert.strictEqual(await check({ leaf: null }), 'proof-invalid');
    assert.strictEqual(await check({ leaf: { ...leaf, value: valueAt(8) } }), 'proof-invalid');
    assert.strictEqual(await check({ leaf: { ...leaf, index: indexOf(8) } }), 'proof-invalid');
    assert.strictEqual(await check({ leaf: { ...leaf, index: new Uint8Array(33) } }), 'proof-invalid');
    assert.strictEqual(await check({ siblings: proof.siblings.slice(1) }), 'proof-invalid');
    assert.strictEqual(await check({ siblings: [...proof.siblings, EMPTY_MAP] }), 'proof-invalid');
    assert.strictEqual(await check({ siblings: proof.siblings.toReversed() }), 'proof-invalid');
    assert.strictEqual(await check({ siblings: Array.from({ length: 257 }, () => EMPTY_MAP) }), 'proof-invalid');
    for (let i = 0; i < proof.siblings.length; i++) {
      assert.strictEqual(await check({ siblings: proof.siblings.with(i, indexOf(i)) }), 'proof-invalid');
    }
  });

  test('hides no entry behind the leaf of another: an absence needs a leaf on the way', async () => {
    const map = await mapOf(Array.from({ length: 50 }, (_, i) => i));
    const other = proveMap(indexOf(9), (path) => map.at(path));
    assert.strictEqual(await codeOf(() => verifyMap(rootOf(map), indexOf(7), other)), 'proof-invalid');
  });
});

function indexOf(number: number): Uint8Array {
  return sha256(utf8(`index ${number}`));
}

function valueAt(number: number): Uint8Array {
  return sha256(utf8(`value ${number}`));
}

function rootOf(map: MemoryMap): Uint8Array {
  return map.at('')?.hash ?? EMPTY_MAP;
}

async function mapOf(...steps: readonly number[][]): Promise<MemoryMap> {
  const map = new MemoryMap();
  for (const numbers of steps) {
    map.keep(
      await changeMap(
        numbers.map((number) => mapLeaf(indexOf(number), valueAt(number))),
        map.load,
      ),
    );
  }
  return map;
}
