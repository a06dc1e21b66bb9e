import { hex, parseHex } from '@sotto/bytes';
import { foreignVectors } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import { CryptoPeerFault } from './fault.ts';
import { unwrapKey, wrapKey } from './key-wrap.ts';
import { Secret } from './secret.ts';

const text = foreignVectors('wycheproof/aes_wrap.json');

describe.skipIf(text === null)('Wycheproof AES-256 key wrap', () => {
  const groups = (JSON.parse(text ?? '{"testGroups":[]}') as WrapFile).testGroups.filter(
    ({ keySize }) => keySize === 256,
  );
  const cases = groups.flatMap(({ tests }) => tests);

  test('valid wraps are made and opened, all others refused', () => {
    for (const { tcId, key, msg, ct, result } of cases) {
      const kek = new Secret(parseHex(key));
      if (result === 'valid') {
        assert.strictEqual(hex(wrapKey(kek, new Secret(parseHex(msg)))), ct, `${tcId}`);
        assert.strictEqual(unwrapKey(kek, parseHex(ct)).use(hex), msg, `${tcId}`);
      } else {
        assert.throws(() => unwrapKey(kek, parseHex(ct)), CryptoPeerFault, undefined, `${tcId}`);
      }
    }
    assert.isAbove(cases.length, 50);
  });
});

test('the vector of RFC 3394 section 4.6', () => {
  const kek = new Secret(parseHex('000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f'));
  const key = new Secret(parseHex('00112233445566778899aabbccddeeff000102030405060708090a0b0c0d0e0f'));
  const wrapped = '28c9f404c4b810f4cbccb35cfb87f8263f5786e2d80ed326cbc7f0e71a99f43bfb988b9b7a02dd21';
  assert.strictEqual(hex(wrapKey(kek, key)), wrapped);
  assert.strictEqual(unwrapKey(kek, parseHex(wrapped)).use(hex), key.use(hex));
});

interface WrapFile {
  readonly testGroups: readonly { readonly keySize: number; readonly tests: readonly WrapCase[] }[];
}

interface WrapCase {
  readonly tcId: number;
  readonly key: string;
  readonly msg: string;
  readonly ct: string;
  readonly result: 'valid' | 'invalid' | 'acceptable';
}
