import { concat, utf8 } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { faultOf } from '../fault.fixture.ts';
import { platforms } from '../node/platform.fixture.ts';
import { hybrid } from './hybrid.ts';

describe.each(platforms)('hybrid signatures on $name', ({ primitives }) => {
  const { signature } = hybrid(primitives);

  test('have the lengths of their strength', async () => {
    const { publicKey, secretKey } = await signature.generate();
    assert.strictEqual(publicKey.length, 1984);
    assert.strictEqual(secretKey.length, 64);
    assert.strictEqual((await signature.sign(secretKey, 'sotto/statement/v1', utf8('m'))).length, 3373);
    assert.strictEqual((await signature.sign(secretKey, 'sotto/record/v1', utf8('m'))).length, 64);
  });

  test('under a full tag need both halves, each over the same message', async () => {
    const { publicKey, secretKey } = await signature.generate();
    const verify = (bytes: Uint8Array) => faultOf(signature.verify(publicKey, 'sotto/statement/v1', utf8('m'), bytes));
    const right = await signature.sign(secretKey, 'sotto/statement/v1', utf8('m'));
    const wrong = await signature.sign(secretKey, 'sotto/statement/v1', utf8('n'));
    assert.strictEqual(await verify(right), 'none');
    assert.strictEqual(await verify(concat(right.subarray(0, 64), wrong.subarray(64))), 'bad-signature');
    assert.strictEqual(await verify(concat(wrong.subarray(0, 64), right.subarray(64))), 'bad-signature');
    assert.strictEqual(await verify(right.subarray(0, 64)), 'bad-signature');
  });

  test('under a light tag take nothing behind Ed25519', async () => {
    const { publicKey, secretKey } = await signature.generate();
    const light = await signature.sign(secretKey, 'sotto/record/v1', utf8('m'));
    const longer = concat(light, new Uint8Array(3309));
    const verdict = await faultOf(signature.verify(publicKey, 'sotto/record/v1', utf8('m'), longer));
    assert.strictEqual(verdict, 'bad-signature');
  });
});
