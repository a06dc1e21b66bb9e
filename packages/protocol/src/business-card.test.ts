import { codeOf } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import type { Address } from './address.ts';
import { formatCardLink, parseCard } from './business-card.ts';

const address = 'bob@example.org' as Address;
const fingerprint = new Uint8Array(32).fill(0xab);
const digits = 'ab'.repeat(32);
const vcard = [
  'BEGIN:VCARD',
  'VERSION:4.0',
  'FN:Bob',
  `IMPP:sotto:${address}`,
  `X-SOTTO-FINGERPRINT:${digits}`,
  'END:VCARD',
];

describe('a card is read', () => {
  test('from its link', () => {
    const link = formatCardLink({ address, fingerprint }, 'https://home.example.org:8443');
    assert.strictEqual(link, `https://home.example.org:8443/card#${address}/${digits}`);
    assert.deepEqual(parseCard(` ${link}\n`), { address, fingerprint });
  });

  test.each(['\r\n', '\n'])('from a vCard with lines that end in %j', (end) => {
    assert.deepEqual(parseCard(vcard.join(end)), { address, fingerprint });
  });

  test('from an address alone, which names no keys', () => {
    assert.deepEqual(parseCard(' Bob@Example.org '), { address, fingerprint: null });
    const without = vcard.filter((line) => !line.startsWith('X-SOTTO'));
    assert.deepEqual(parseCard(without.join('\r\n')), { address, fingerprint: null });
  });
});

test.each([
  [''],
  ['bob'],
  ['bob@example.org, carol@example.org'],
  [`https://home.example.org/card#${address}`],
  [`https://home.example.org/card#${address}/${digits.slice(1)}`],
  [`https://home.example.org/card#${address}/${digits}0`],
  [`https://home.example.org/card?x#${address}/${digits}`],
  [`javascript:alert(1)//card#${address}/${digits}`],
  [`https://home.example.org/card#bоb@example.org/${digits}`],
  [vcard.filter((line) => !line.startsWith('IMPP')).join('\r\n')],
  [[...vcard, ...vcard].join('\r\n')],
  [vcard.join('\r\n').replace(digits, 'none')],
  ['x'.repeat(65_537)],
])('%j is no card', async (text) => {
  assert.strictEqual(await codeOf(() => parseCard(text)), 'card-malformed');
});
