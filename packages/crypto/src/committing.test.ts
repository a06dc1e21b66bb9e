import { utf8 } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { openCommitting, sealCommitting } from './committing.ts';
import { faultOf } from './fault.fixture.ts';
import { platforms } from './node/platform.fixture.ts';
import { Secret } from './secret.ts';

const key = new Secret(new Uint8Array(32).fill(1));
const binding = { label: 'sotto/test/v1', context: { account: 'alpha@example.org' } } as const;

describe.each(platforms)('committing AEAD on $name', ({ primitives }) => {
  test('opens what it sealed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (plaintext) => {
        const sealed = await sealCommitting(primitives, key, binding, plaintext);
        assert.strictEqual(sealed.length, plaintext.length + 80);
        assert.deepEqual(await openCommitting(primitives, key, binding, sealed), Uint8Array.from(plaintext));
      }),
      { numRuns: 30 },
    );
  });

  test('opens under no other key, label or context', async () => {
    const sealed = await sealCommitting(primitives, key, binding, utf8('plaintext'));
    const open = (changes: Partial<typeof binding & { key: Secret }>) =>
      faultOf(openCommitting(primitives, changes.key ?? key, { ...binding, ...changes } as typeof binding, sealed));
    assert.strictEqual(await open({}), 'none');
    assert.strictEqual(await open({ key: new Secret(new Uint8Array(32).fill(2)) }), 'open-failed');
    assert.strictEqual(await open({ label: 'sotto/test/v2' as never }), 'open-failed');
    assert.strictEqual(await open({ context: { account: 'beta@example.org' } as never }), 'open-failed');
  });

  test('refuses every cut, every changed byte and a byte more', async () => {
    const sealed = await sealCommitting(primitives, key, binding, utf8('x'));
    const open = (bytes: Uint8Array) => faultOf(openCommitting(primitives, key, binding, bytes));
    for (let i = 0; i < sealed.length; i++) {
      assert.strictEqual(await open(sealed.subarray(0, i)), 'open-failed');
      const changed = Uint8Array.from(sealed);
      changed[i] = (changed[i] as number) ^ 0x80;
      assert.strictEqual(await open(changed), 'open-failed');
    }
    assert.strictEqual(await open(Uint8Array.of(...sealed, 0)), 'open-failed');
  });

  test('never makes the same bytes twice', async () => {
    const one = await sealCommitting(primitives, key, binding, utf8('x'));
    assert.notDeepEqual(await sealCommitting(primitives, key, binding, utf8('x')), one);
  });
});
