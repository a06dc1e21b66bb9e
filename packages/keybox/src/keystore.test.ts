import { createSuites, Secret } from '@sotto/crypto';
import { nodePrimitives } from '@sotto/crypto/node';
import { assert, describe, test } from 'vitest';
import { advanceKeystore, type Keystore, keystore, openKeystore, parseKeystore, sealKeystore } from './keystore.ts';
import { keystoreInput, refusalOf } from './vault.fixture.ts';

const primitives = nodePrimitives();
const platform = { primitives, suites: createSuites(primitives) };

describe.each(['classic', 'hybrid'])('a keystore of the %s suite', async (name) => {
  const input = await keystoreInput(platform, platform.suites.byName(name));
  const file = await sealKeystore(platform, input);

  test('gives all keys back', async () => {
    const opened = await openKeystore(platform, parseKeystore(keystore.encode(file)), input.vaultSecret);
    const expose = (secret: Secret): Uint8Array => secret.unsafeExpose('test');
    assert.deepEqual(expose(opened.masterKey), expose(input.keys.masterKey));
    assert.deepEqual(expose(opened.kem.secretKey), expose(input.keys.kem.secretKey));
    assert.deepEqual(expose(opened.signing.secretKey), expose(input.keys.signing.secretKey));
    for (const part of ['keys', 'contacts', 'history'] as const) {
      assert.deepEqual(expose(opened.partKeys[part]), expose(input.keys.partKeys[part]));
    }
  });

  test('goes on by generations, which nobody else can raise or lower', async () => {
    const next = advanceKeystore(file, input.keys.masterKey);
    assert.strictEqual(next.generation, 1);
    await openKeystore(platform, next, input.vaultSecret);
    await refuses({ ...next, generation: 0 });
    await refuses({ ...file, generation: 1 });
  });

  test('refuses another vault secret, and any field that was changed', async () => {
    const wrong = new Secret(primitives.randomBytes(32));
    assert.strictEqual(await refusalOf(openKeystore(platform, file, wrong)), 'vault-damaged');
    await refuses({ ...file, vaultId: primitives.randomBytes(16) });
    await refuses({ ...file, signingPublicKey: primitives.randomBytes(32) });
    await refuses({ ...file, partKeys: { ...file.partKeys, keys: file.partKeys.history } });
    await refuses({ ...file, local: { salt: new Uint8Array(16), parameters: PARAMETERS, sealed: new Uint8Array(80) } });
    const encoded = keystore.encode(file);
    for (let length = 0; length < encoded.length; length += 13) {
      assert.strictEqual(await refusalOf(async () => parseKeystore(encoded.subarray(0, length))), 'vault-damaged');
    }
  });

  async function refuses(changed: Keystore): Promise<void> {
    assert.strictEqual(await refusalOf(openKeystore(platform, changed, input.vaultSecret)), 'vault-damaged');
  }
});

const PARAMETERS = { memoryKib: 65_536, passes: 3, parallelism: 1 };
