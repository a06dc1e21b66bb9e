import { assert, test } from 'vitest';
import { Secret } from './secret.ts';

test('what is made of a secret is made once, and ends with it', () => {
  const secret = new Secret(Uint8Array.of(1, 2, 3));
  let calls = 0;
  const part = (): Secret =>
    secret.once('part', (bytes) => {
      calls += 1;
      return new Secret(bytes.subarray(1));
    });
  const made = part();
  assert.strictEqual(part(), made);
  assert.strictEqual(calls, 1);
  assert.strictEqual(
    secret.once('length', ({ length }) => length),
    3,
  );
  secret.dispose();
  assert.throws(() => made.length, /after its disposal/);
  assert.throws(part, /after its disposal/);
});
