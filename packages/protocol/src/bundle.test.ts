import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { codeOf, seededRandom } from '@sotto/testing';
import { assert, test } from 'vitest';
import type { Address } from './address.ts';
import { type AccountBundle, openBundle, sealBundle } from './bundle.ts';

const primitives = nodePrimitives({ randomBytes: seededRandom('bundle') });
const passcode = new Secret(new Uint8Array(64).fill(3));
const binding = { address: 'ann@example.org' as Address, suite: 2 };
const bundle: AccountBundle = {
  v: 1,
  version: 0,
  unlockKey: new Uint8Array(32).fill(1),
  olderUnlockKeys: [],
  roaming: null,
  kitRoaming: null,
  fingerprint: null,
  chain: null,
  accountRoom: null,
  caFingerprint: new Uint8Array(32).fill(2),
};

test('a bundle opens with its passcode, for its account and suite', async () => {
  const sealed = await sealBundle(primitives, passcode, { bundle, binding });
  assert.deepEqual(await openBundle(primitives, passcode, { sealed, binding }), bundle);
  const open = (change: object, key = passcode) =>
    codeOf(() => openBundle(primitives, key, { sealed, binding: { ...binding, ...change } }));
  assert.strictEqual(await open({ address: 'eve@example.org' }), 'open-failed');
  assert.strictEqual(await open({ suite: 1 }), 'open-failed');
  assert.strictEqual(await open({}, new Secret(new Uint8Array(64))), 'open-failed');
  assert.strictEqual(await open({}), null);
});

test('no bit of it can be turned, no byte taken away', async () => {
  const sealed = await sealBundle(primitives, passcode, { bundle, binding });
  for (let at = 0; at < sealed.length; at++) {
    for (const changed of [sealed.subarray(0, at), sealed.with(at, (sealed[at] as number) ^ 1)]) {
      assert.strictEqual(
        await codeOf(() => openBundle(primitives, passcode, { sealed: changed, binding })),
        'open-failed',
      );
    }
  }
});

test('two bundles of the same content differ', async () => {
  const [first, second] = [
    await sealBundle(primitives, passcode, { bundle, binding }),
    await sealBundle(primitives, passcode, { bundle, binding }),
  ];
  assert.notDeepEqual(first, second);
});
