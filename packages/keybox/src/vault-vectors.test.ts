import { hex, parseHex, parseUtf8 } from '@sotto/bytes';
import { createSuites, Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { keyFilePassword } from './device-p12.ts';
import { keystore, openKeystore, parseKeystore, sealKeystore, type VaultKeys } from './keystore.ts';
import { unwrapVaultSecret, type WrapBinding, wrapVaultSecret } from './passphrase-wrap.ts';
import { keystoreInput } from './vault.fixture.ts';

const primitives = nodePrimitives();
const platform = { primitives, suites: createSuites(primitives) };
const vectors = await vectorFile('vault.json', makeVectors);

describe('vectors/vault.json', () => {
  test('the keystore opens to its keys, and encodes to its bytes', async () => {
    const file = parseKeystore(parseHex(vectors.keystore));
    const vaultSecret = new Secret(parseHex(vectors.vaultSecret));
    const keys = await openKeystore(platform, file, vaultSecret);
    assert.deepEqual(exposed(keys), vectors.keys);
    assert.strictEqual(hex(keystore.encode(file)), vectors.keystore);
    assert.strictEqual(password(keys.masterKey, file.vaultId), vectors.keyFilePassword);
  });

  test('the passphrase opens both wraps to the vault secret', async () => {
    const { vaultId, local } = parseKeystore(parseHex(vectors.keystore));
    const { passphrase, offline } = vectors;
    const advanced: WrapBinding = { label: 'sotto/vault/advanced/v1', vaultId, expiresAt: null };
    const opened =
      local === null ? null : await unwrapVaultSecret(platform, passphrase, { binding: advanced, wrap: local });
    assert.strictEqual(opened && hex(opened.unsafeExpose('test vector')), vectors.vaultSecret);
    const binding: WrapBinding = { label: 'sotto/vault/offline/v1', vaultId, expiresAt: offline.expiresAt };
    const { salt, parameters, sealed } = offline;
    const wrap = { salt: parseHex(salt), parameters, sealed: parseHex(sealed) };
    const again = await unwrapVaultSecret(platform, passphrase, { binding, wrap });
    assert.strictEqual(again && hex(again.unsafeExpose('test vector')), vectors.vaultSecret);
  });
});

async function makeVectors() {
  const passphrase = 'caf\u00e9 au lait, six words';
  const input = await keystoreInput(platform, platform.suites.byName('hybrid'));
  const { vaultId, vaultSecret } = input;
  const advanced: WrapBinding = { label: 'sotto/vault/advanced/v1', vaultId, expiresAt: null };
  const local = await wrapVaultSecret(platform, passphrase, { binding: advanced, vaultSecret });
  const expiresAt = Date.UTC(2026, 5, 1);
  const binding: WrapBinding = { label: 'sotto/vault/offline/v1', vaultId, expiresAt };
  const { salt, parameters, sealed } = await wrapVaultSecret(platform, passphrase, { binding, vaultSecret });
  return {
    source: 'docs/spec/vault.md',
    passphrase,
    vaultSecret: hex(vaultSecret.unsafeExpose('test vector')),
    keystore: hex(keystore.encode(await sealKeystore(platform, { ...input, local }))),
    keys: exposed(input.keys),
    keyFilePassword: password(input.keys.masterKey, vaultId),
    offline: { salt: hex(salt), parameters, sealed: hex(sealed), expiresAt },
  };
}

function password(masterKey: Secret, vaultId: Uint8Array): string {
  return keyFilePassword(masterKey, vaultId).use(parseUtf8);
}

function exposed({ kem, signing, masterKey, partKeys }: VaultKeys): Readonly<Record<string, string>> {
  const secrets = { kem: kem.secretKey, signing: signing.secretKey, masterKey, ...partKeys };
  return Object.fromEntries(Object.entries(secrets).map(([name, key]) => [name, hex(key.unsafeExpose('test vector'))]));
}
