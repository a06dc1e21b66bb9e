import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, test } from 'vitest';
import { MIN_PADDED_BYTES } from './limits.ts';
import { pad, padme, unpad } from './padding.ts';

test('padding comes off again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 5000 }), (content) => {
      const padded = pad(content);
      assert.deepEqual(unpad(padded), content as typeof padded);
      assert.isAtLeast(padded.length, MIN_PADDED_BYTES);
    }),
  );
});

test('Padmé adds at most 12 %, never falls, and leaves few lengths', () => {
  const lengths = Array.from({ length: 70_000 }, (_, length) => length);
  const padded = lengths.map(padme);
  for (const length of lengths) {
    const to = padded[length] as number;
    assert.isAtLeast(to, length);
    assert.isAtMost(to, length * 1.12);
    assert.strictEqual(padme(to), to);
    if (length > 0) assert.isAtLeast(to, padded[length - 1] as number);
  }
  assert.isBelow(new Set(padded.slice(256)).size, 300);
});

test('only what pad makes is taken', async () => {
  const padded = pad(new Uint8Array(10).fill(7));
  const refused = (bytes: Uint8Array) => codeOf(() => unpad(bytes));
  for (let length = 0; length < padded.length; length++)
    assert.strictEqual(await refused(padded.subarray(0, length)), 'format-malformed');
  assert.strictEqual(await refused(Uint8Array.of(...padded, 0)), 'format-malformed');
  for (const at of [14, 100, padded.length - 1])
    assert.strictEqual(await refused(padded.with(at, 1)), 'format-malformed');
  for (const at of [0, 1, 2]) assert.strictEqual(await refused(padded.with(at, 255)), 'format-malformed');
  assert.strictEqual(await refused(padded.with(3, 9)), 'format-malformed');
  assert.strictEqual(await refused(pad(new Uint8Array(300)).with(3, 0)), 'format-malformed');
  assert.strictEqual(await refused(padded), null);
});
