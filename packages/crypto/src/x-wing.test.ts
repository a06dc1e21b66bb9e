import { hex, parseHex } from '@sotto/bytes';
import { foreignVectors } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { faultOf } from './fault.fixture.ts';
import { platforms } from './node/platform.fixture.ts';
import { Secret } from './secret.ts';
import { xWing } from './x-wing.ts';

type Vector = Readonly<Record<'seed' | 'eseed' | 'ss' | 'pk' | 'ct', string>>;
const text = foreignVectors('xwing/test-vectors.json');
const vectors = text === null ? [] : (JSON.parse(text) as readonly Vector[]);

describe.each(platforms)('X-Wing on $name', ({ primitives, scripted, replaysEncapsulation }) => {
  test.skipIf(text === null)('gives what the draft says', async () => {
    assert.isAbove(vectors.length, 2);
    for (const { seed, eseed, pk, ct, ss } of vectors) {
      const secretKey = new Secret(parseHex(seed));
      assert.strictEqual(hex(await xWing(primitives).publicKey(secretKey)), pk);
      const opened = await xWing(primitives).decapsulate(secretKey, parseHex(ct));
      assert.strictEqual(opened.use(hex), ss);
      if (!replaysEncapsulation) continue;
      const { ciphertext, sharedSecret } = await xWing(scripted(parseHex(eseed))).encapsulate(parseHex(pk));
      assert.strictEqual(hex(ciphertext), ct);
      assert.strictEqual(sharedSecret.use(hex), ss);
    }
  });

  test('agrees with itself, and not after a change to either half', async () => {
    const kem = xWing(primitives);
    const seed = new Secret(primitives.randomBytes(32));
    const { ciphertext, sharedSecret } = await kem.encapsulate(await kem.publicKey(seed));
    const secret = sharedSecret.use(hex);
    assert.strictEqual((await kem.decapsulate(seed, ciphertext)).use(hex), secret);
    for (const index of [0, 1087, 1088, 1118]) {
      const changed = Uint8Array.from(ciphertext);
      changed[index] = (changed[index] as number) ^ 1;
      assert.notStrictEqual((await kem.decapsulate(seed, changed)).use(hex), secret);
    }
  });

  test('refuses wrong lengths and a share of small order', async () => {
    const kem = xWing(primitives);
    const seed = new Secret(primitives.randomBytes(32));
    const publicKey = await kem.publicKey(seed);
    const { ciphertext } = await kem.encapsulate(publicKey);
    assert.strictEqual(await faultOf(kem.encapsulate(publicKey.subarray(1))), 'key-malformed');
    assert.strictEqual(await faultOf(kem.decapsulate(seed, ciphertext.subarray(1))), 'bad-share');
    assert.strictEqual(await faultOf(kem.publicKey(new Secret(new Uint8Array(31)))), 'key-malformed');
    const smallOrder = Uint8Array.from(publicKey).fill(0, 1184);
    assert.strictEqual(await faultOf(kem.encapsulate(smallOrder)), 'bad-share');
  });
});
