import { generateKeyPairSync } from 'node:crypto';
import { argon2id as nobleArgon2id } from '@noble/hashes/argon2.js';
import { concat, hex, parseHex } from '@sotto/bytes';
import { assert, describe, test } from 'vitest';
import { faultOf } from '../fault.fixture.ts';
import { Secret } from '../secret.ts';
import { platforms } from './platform.fixture.ts';

const message = new Uint8Array(3);

describe.each(platforms)('keys on $name', ({ primitives }) => {
  const { rsaPss, rsaOaep, ed25519, x25519, ecdhP384, mlKem768, ecdsaP384, aes256Gcm } = primitives;

  test.each([
    ['of 2048 bits', 2048, 65537],
    ['of 3456 bits', 3456, 65537],
    ['with exponent 3', 3072, 3],
  ])('refuses RSA %s', async (_, modulusLength, publicExponent) => {
    const { spki, pkcs8 } = rsaPair(modulusLength, publicExponent);
    assert.strictEqual(await faultOf(rsaPss.verify(spki, message, new Uint8Array(modulusLength / 8))), 'key-malformed');
    assert.strictEqual(await faultOf(rsaPss.sign(pkcs8, message)), 'key-malformed');
    assert.strictEqual(await faultOf(rsaOaep.encrypt(spki, message)), 'key-malformed');
    assert.strictEqual(await faultOf(rsaOaep.decrypt(pkcs8, new Uint8Array(modulusLength / 8))), 'key-malformed');
    assert.strictEqual(await faultOf(rsaOaep.publicKey(pkcs8)), 'key-malformed');
  });

  test('takes RSA-4096, in DER and nothing behind it', async () => {
    const { spki, pkcs8 } = rsaPair(4096, 65537);
    assert.isTrue(await rsaPss.verify(spki, message, await rsaPss.sign(pkcs8, message)));
    assert.deepEqual(await rsaOaep.decrypt(pkcs8, await rsaOaep.encrypt(spki, message)), message);
    assert.deepEqual(await rsaOaep.publicKey(pkcs8), spki);
    const longer = concat(spki, Uint8Array.of(0));
    assert.strictEqual(await faultOf(rsaOaep.encrypt(longer, message)), 'key-malformed');
    assert.strictEqual(await faultOf(rsaOaep.encrypt(new Uint8Array(422), message)), 'key-malformed');
  });

  test('refuses Ed25519 keys of small order and those that are not canonical', async () => {
    for (const publicKey of REFUSED_ED25519_KEYS) {
      const verdict = await faultOf(ed25519.verify(parseHex(publicKey), message, new Uint8Array(64)));
      assert.strictEqual(verdict, 'key-malformed', publicKey);
    }
  });

  test('verifies without the cofactor', async () => {
    const { publicKey, signature } = MIXED_ORDER;
    assert.isFalse(await ed25519.verify(parseHex(publicKey), message, parseHex(signature)));
  });

  test('refuses keys of the wrong length and points off the curve', async () => {
    const short = new Secret(new Uint8Array(31).fill(1));
    const calls: Promise<unknown>[] = [
      ed25519.sign(short, message),
      x25519.publicKey(short),
      ecdhP384.publicKey(short),
      mlKem768.publicKey(short),
      ecdsaP384.sign(short, message),
      ecdsaP384.verify(new Uint8Array(120), message, new Uint8Array(96)),
      aes256Gcm.seal({ key: short, nonce: new Uint8Array(12), aad: message }, message),
      ecdhP384.publicKey(new Secret(new Uint8Array(48))),
      ecdhP384.publicKey(new Secret(new Uint8Array(48).fill(0xff))),
    ];
    for (const [index, call] of calls.entries()) assert.strictEqual(await faultOf(call), 'key-malformed', `${index}`);
    const { secretKey } = await ecdhP384.generate();
    const offCurve = Uint8Array.of(4, ...new Uint8Array(96).fill(1));
    assert.strictEqual(await faultOf(ecdhP384.agree(secretKey, offCurve)), 'bad-share');
  });

  test('Argon2id gives what another implementation gives', async () => {
    const [password, salt] = [new Uint8Array(32).fill(1), new Uint8Array(16).fill(2)];
    for (const [memoryKib, passes, parallelism] of [
      [64, 3, 1],
      [256, 1, 4],
    ] as const) {
      const derived = await primitives.argon2id(password, salt, { memoryKib, passes, parallelism }, 32);
      const expected = nobleArgon2id(password, salt, { m: memoryKib, t: passes, p: parallelism, dkLen: 32 });
      assert.strictEqual(derived.use(hex), hex(expected));
    }
  });
});

function rsaPair(modulusLength: number, publicExponent: number): { spki: Uint8Array; pkcs8: Secret } {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength,
    publicExponent,
    publicKeyEncoding: { format: 'der', type: 'spki' },
    privateKeyEncoding: { format: 'der', type: 'pkcs8' },
  });
  return { spki: Uint8Array.from(publicKey), pkcs8: new Secret(privateKey) };
}

const REFUSED_ED25519_KEYS = [
  '0000000000000000000000000000000000000000000000000000000000000000',
  '0000000000000000000000000000000000000000000000000000000000000080',
  '0100000000000000000000000000000000000000000000000000000000000000',
  'ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
  'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa',
  '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
  'edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'f0ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f',
  'ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff',
];

/** A key with a component of order 8 and a signature over three zero bytes that only the cofactored check takes. */
const MIXED_ORDER = {
  publicKey: 'd63c01223147541df4e170763e9e2788a8bf5971f52a93c5829dbe6f5ff6bba9',
  signature:
    '7db0dc9222f3c183457ddde4c708de8e5ea6bf3d5c4404cca14b32729a05c32a' +
    'f33b7dce6e9cec00c4424dec4468e6f156758b7393c87267d579cbb5cbc89d0f',
};
