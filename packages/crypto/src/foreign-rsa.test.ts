import { Buffer } from 'node:buffer';
import { constants, createPrivateKey, createPublicKey, publicEncrypt, sign } from 'node:crypto';
import { utf8 } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { CryptoPeerFault } from './fault.ts';
import { platforms } from './node/platform.fixture.ts';

const message = utf8('from elsewhere');

describe.each(platforms)('on $name', ({ primitives }) => {
  test('OAEP with SHA-1 opens, and only OAEP with SHA-1', async () => {
    const { publicKey, secretKey } = await primitives.rsaOaep.generate(3072);
    const key = createPublicKey({ key: Buffer.from(publicKey), format: 'der', type: 'spki' });
    const padding = constants.RSA_PKCS1_OAEP_PADDING;
    const sealed = publicEncrypt({ key, padding, oaepHash: 'sha1' }, message);
    assert.deepEqual(await primitives.foreignRsa.decryptOaepSha1(secretKey, sealed), message);
    for (const other of [
      publicEncrypt({ key, padding, oaepHash: 'sha256' }, message),
      publicEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, message),
    ]) {
      const fault = await primitives.foreignRsa.decryptOaepSha1(secretKey, other).catch((cause: unknown) => cause);
      assert.strictEqual(fault instanceof CryptoPeerFault && fault.code, 'open-failed');
    }
  });

  test('PKCS#1 v1.5 signatures with SHA-256 verify, and nothing else does', async () => {
    const { publicKey, secretKey } = await primitives.rsaPss.generate(3072);
    const key = secretKey.use((der) => createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' }));
    const { verifyPkcs1Sha256 } = primitives.foreignRsa;
    const signature = sign('sha256', message, key);
    assert.isTrue(await verifyPkcs1Sha256(publicKey, message, signature));
    assert.isFalse(await verifyPkcs1Sha256(publicKey, utf8('other'), signature));
    assert.isFalse(await verifyPkcs1Sha256(publicKey, message, signature.subarray(1)));
    assert.isFalse(await verifyPkcs1Sha256(publicKey, message, await primitives.rsaPss.sign(secretKey, message)));
  });
});
