import { createHash } from 'node:crypto';
import { concat, hex, utf8 } from '@sotto/bytes';
import { assert, test } from 'vitest';
import { CryptoPeerFault } from './fault.ts';
import { pbes2Aes256Cbc, pkcs12MacKey } from './pkcs12.ts';
import { Secret } from './secret.ts';

test.each([1, 2, 1000])('the KDF after %i iterations is the hash applied so often', (iterations) => {
  const password = utf8('\0s\0o\0t\0t\0o\0\0');
  const salt = utf8('12345678');
  const fill = (bytes: Uint8Array) => Uint8Array.from({ length: 64 }, (_, i) => bytes[i % bytes.length] ?? 0);
  let expected: Uint8Array = concat(new Uint8Array(64).fill(3), fill(salt), fill(password));
  for (let i = 0; i < iterations; i++) expected = createHash('sha256').update(expected).digest();
  assert.strictEqual(pkcs12MacKey(new Secret(password), { salt, iterations }).use(hex), hex(expected));
});

test('one KDF leaves nothing behind for the next', () => {
  const [left, right] = ['\0a\0\0', '\0b\0\0'].map((text) => new Secret(utf8(text))) as [Secret, Secret];
  const parameters = { salt: utf8('12345678'), iterations: 10 };
  const first = pkcs12MacKey(left, parameters).use(hex);
  assert.notStrictEqual(pkcs12MacKey(right, parameters).use(hex), first);
  assert.strictEqual(pkcs12MacKey(left, parameters).use(hex), first);
});

test('AES-256-CBC opens what it sealed and refuses broken padding', () => {
  const key = new Secret(new Uint8Array(32).fill(7));
  const iv = new Uint8Array(16).fill(9);
  const ciphertext = pbes2Aes256Cbc.encrypt(key, iv, utf8('a private key'));
  assert.deepEqual(pbes2Aes256Cbc.decrypt(key, iv, ciphertext), utf8('a private key'));
  assert.throws(() => pbes2Aes256Cbc.decrypt(key, iv, ciphertext.subarray(1)), CryptoPeerFault);
  assert.throws(() => pbes2Aes256Cbc.decrypt(new Secret(new Uint8Array(32)), iv, ciphertext), CryptoPeerFault);
});
