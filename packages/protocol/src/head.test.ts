import { codeOf, makeWorld } from '@sotto/testing';
import { assert, test } from 'vitest';
import { signHead, verifyHead } from './head.ts';

test('a head holds for its subject, length, hash, time and incarnation, under a key of the cluster', async () => {
  const { primitives, headKey } = await makeWorld('head');
  const subject = { kind: 'room', id: new Uint8Array(32).fill(1) } as const;
  const extent = { length: 7, hash: new Uint8Array(32).fill(2) };
  const head = await signHead(primitives, headKey.secretKey, { subject, extent, at: 5, incarnation: 3 });
  const verify = (change: object, about: object = {}, keys = [headKey.publicKey]) =>
    codeOf(() => verifyHead(primitives, keys, { subject: { ...subject, ...about }, head: { ...head, ...change } }));
  assert.strictEqual(await verify({}), null);
  assert.strictEqual(await verify({ length: 8 }), 'head-invalid');
  assert.strictEqual(await verify({ hash: new Uint8Array(32) }), 'head-invalid');
  assert.strictEqual(await verify({ at: 6 }), 'head-invalid');
  assert.strictEqual(await verify({ incarnation: 4 }), 'head-invalid');
  assert.strictEqual(await verify({ signature: new Uint8Array(64) }), 'head-invalid');
  assert.strictEqual(await verify({}, { kind: 'chain' }), 'head-invalid');
  assert.strictEqual(await verify({}, { id: new Uint8Array(32) }), 'head-invalid');
  assert.strictEqual(await verify({}, {}, []), 'head-invalid');
  const other = (await makeWorld('another cluster')).headKey.publicKey;
  assert.strictEqual(await verify({}, {}, [other]), 'head-invalid');
  assert.strictEqual(await verify({}, {}, [other, headKey.publicKey]), null);
});
