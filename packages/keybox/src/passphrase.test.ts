import { Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { assert, describe, test } from 'vitest';
import { checkPassphrase } from './passphrase.ts';
import { unwrapVaultSecret, wrapVaultSecret } from './passphrase-wrap.ts';
import { refusalOf } from './vault.fixture.ts';

describe('the rule for passphrases', () => {
  test.each(['Abcdef1!', 'six small words in one row', 'ÄÖÜäöü1 ', 'aaaaaaaaaaaaaaaaaaaaa'])(
    'takes %s',
    (passphrase) => {
      checkPassphrase(passphrase);
    },
  );

  test.each(['', 'Abcde1!', 'abcdef1!', 'ABCDEF1!', 'Abcdefg!', 'Abcdefg1', 'aaaaaaaaaaaaaaaaaaaa'])(
    'refuses "%s"',
    async (passphrase) => {
      assert.strictEqual(await refusalOf(async () => checkPassphrase(passphrase)), 'passphrase-too-weak');
    },
  );
});

describe('a vault secret under a passphrase', () => {
  const platform = { primitives: nodePrimitives() };
  const vaultSecret = new Secret(platform.primitives.randomBytes(32));
  const binding = { label: 'sotto/vault/offline/v1', vaultId: new Uint8Array(16), expiresAt: 1000 } as const;

  test('opens with it, whatever way the keyboard spells it', async () => {
    const wrap = await wrapVaultSecret(platform, 'caf\u00e9 au lait 1', { binding, vaultSecret });
    const opened = await unwrapVaultSecret(platform, 'cafe\u0301 au\u00a0lait 1', { binding, wrap });
    assert.deepEqual(opened?.unsafeExpose('test'), vaultSecret.unsafeExpose('test'));
    assert.isNull(await unwrapVaultSecret(platform, 'cafe au lait 1', { binding, wrap }));
  });

  test('is bound to its use, its vault and its end', async () => {
    const wrap = await wrapVaultSecret(platform, 'Correct horse 1', { binding, vaultSecret });
    const others = [
      { ...binding, label: 'sotto/vault/advanced/v1' as const },
      { ...binding, vaultId: Uint8Array.from({ length: 16 }, () => 1) },
      { ...binding, expiresAt: 2000 },
      { ...binding, expiresAt: null },
    ];
    for (const other of others) {
      assert.isNull(await unwrapVaultSecret(platform, 'Correct horse 1', { binding: other, wrap }));
    }
  });

  test('a cheaper stretching is refused before it runs', async () => {
    const wrap = await wrapVaultSecret(platform, 'Correct horse 1', { binding, vaultSecret });
    const cheap = { ...wrap, parameters: { ...wrap.parameters, memoryKib: 8 } };
    assert.strictEqual(await refusalOf(unwrapVaultSecret(platform, 'x', { binding, wrap: cheap })), 'kdf-downgrade');
  });
});
