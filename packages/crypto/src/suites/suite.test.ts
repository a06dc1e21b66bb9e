import { utf8 } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { Secret } from '../secret.ts';
import { webPrimitives } from '../web/index.ts';
import { createSuites } from './registry.ts';

for (const suite of createSuites(webPrimitives()).all) {
  describe(suite.name, () => {
    test('seals and opens', async () => {
      const pair = await suite.kem.generate();
      const binding = { purpose: 'sotto/seal/era-secret/v1', context: { era: 1 } } as const;
      const sealed = await suite.kem.seal(pair.publicKey, binding, utf8('x'));
      const opened = await suite.kem.open(pair.secretKey, binding, sealed);
      assert.deepEqual(opened.unsafeExpose('test'), utf8('x'));
    });
    test('user keys', async () => {
      const seed = new Secret(new Uint8Array(32).fill(7));
      const keys = await suite.userKeys.generate(seed);
      const opened = await suite.userKeys.open(seed, {
        room: keys.room.publicKey,
        container: keys.container.publicKey,
        wrapped: keys.wrapped,
      });
      assert.deepEqual(opened.room.publicKey, keys.room.publicKey);
      await suite.certificateKey.generate();
    });
    test('signs', async () => {
      const pair = await suite.signature.generate();
      for (const tag of ['sotto/statement/v1', 'sotto/record/v1'] as const) {
        const signature = await suite.signature.sign(pair.secretKey, tag, utf8('m'));
        await suite.signature.verify(pair.publicKey, tag, utf8('m'), signature);
      }
    });
  });
}
