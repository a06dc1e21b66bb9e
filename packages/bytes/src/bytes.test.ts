import fc from 'fast-check';
import { assert, test } from 'vitest';
import { compare, concat, equal } from './bytes.ts';

const short = fc.uint8Array({ maxLength: 6, max: 3 });

test('joining keeps every byte in order', () => {
  fc.assert(
    fc.property(fc.array(short), (parts) => {
      assert.deepEqual(
        [...concat(...parts)],
        parts.flatMap((part) => [...part]),
      );
    }),
  );
});

test('equal and compare agree with Node', () => {
  fc.assert(
    fc.property(short, short, (left, right) => {
      assert.strictEqual(Math.sign(compare(left, right)), Buffer.compare(left, right));
      assert.strictEqual(equal(left, right), Buffer.compare(left, right) === 0);
      assert.isTrue(equal(left, Uint8Array.from(left)));
    }),
  );
});
