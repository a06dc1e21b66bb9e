import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, test } from 'vitest';
import {
  type Address,
  addressDomain,
  addressSkeleton,
  isAddress,
  isDeviceName,
  isDomain,
  localPart,
  parseAddress,
  parseDeviceName,
} from './address.ts';

test.each(['ann@example.org', 'a@b', 'a.b_c-d@x-y.example', '0@1.example', `${'a'.repeat(64)}@example.org`])(
  '%s is an address',
  (text) => {
    assert.strictEqual(parseAddress(text), text);
    assert.strictEqual(`${localPart(text as Address)}@${addressDomain(text as Address)}`, text);
  },
);

test('typing is forgiven: space around, ASCII capitals', () => {
  assert.strictEqual(parseAddress('  Ann@Example.ORG\n'), 'ann@example.org');
});

test.each([
  '',
  '@',
  'ann',
  'ann@',
  '@example.org',
  'ann@@example.org',
  'ann@ben@example.org',
  '.ann@example.org',
  'ann.@example.org',
  'a..n@example.org',
  'a.-n@example.org',
  'a n@example.org',
  'ann@example.org.',
  'ann@-x.org',
  'ann@x-.org',
  'ann@x..org',
  'ann@ex_ample.org',
  'ann@example.org/laptop',
  'аnn@example.org',
  'ann\u0301@example.org',
  'ａnn@example.org',
  'an\u212A@example.org',
  'an\u202En@example.org',
  'ann\u0000@example.org',
  'ann@exämple.org',
  `${'a'.repeat(65)}@example.org`,
  `ann@${'a'.repeat(64)}.org`,
  `ann@${'a.'.repeat(126)}ab`,
])('%j is none', async (text) => {
  assert.strictEqual(await codeOf(() => parseAddress(text)), 'address-malformed');
  assert.isFalse(isAddress(text));
});

test('capitals are typed, never signed', () => {
  assert.isFalse(isAddress('Ann@example.org'));
  assert.isFalse(isDomain('Example.org'));
});

test('device names', async () => {
  for (const name of ['laptop', 'a', '1', 'my-phone-2', 'a'.repeat(32)])
    assert.strictEqual(parseDeviceName(name), name);
  for (const name of ['', '-a', 'a-', 'A', 'a b', 'a/b', 'ä', 'a'.repeat(33), 'a\n']) {
    assert.strictEqual(await codeOf(() => parseDeviceName(name)), 'device-name-malformed', name);
    assert.isFalse(isDeviceName(name));
  }
});

test.each([
  ['arnold', 'amold'],
  ['claudia', 'c1audia'],
  ['claudia', 'ciaudia'],
  ['claudia', 'daudia'],
  ['paul', 'pau1'],
  ['paul', 'pau.l'],
  ['bob', 'b0b'],
  ['vvalter', 'walter'],
  ['susi', '5usi'],
  ['r.n', 'm'],
])('%s looks like %s', (left, right) => {
  assert.strictEqual(addressSkeleton(parseAddress(`${left}@x.org`)), addressSkeleton(parseAddress(`${right}@x.org`)));
});

test('different names, and domains, do not look alike', () => {
  const texts = ['ann@x.org', 'ben@x.org', 'ann@y.org', 'anna@x.org'];
  assert.strictEqual(new Set(texts.map((text) => addressSkeleton(parseAddress(text)))).size, 4);
});

test('whatever is typed either parses, to what parses to itself, or has its code', async () => {
  const typed = fc.string({ unit: fc.constantFrom(...'aZ0._-@/ é\u0000'), maxLength: 20 });
  await fc.assert(
    fc.asyncProperty(typed, async (text) => {
      const code = await codeOf(() => assert.strictEqual(parseAddress(parseAddress(text)), parseAddress(text)));
      assert.include([null, 'address-malformed'], code);
    }),
  );
});
