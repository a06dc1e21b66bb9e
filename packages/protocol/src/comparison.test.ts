import { hex, parseHex } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { codeOf, vectorFile } from '@sotto/testing';
import { assert, describe, test } from 'vitest';
import type { Address } from './address.ts';
import {
  type ComparedIdentity,
  comparisonDigits,
  comparisonOrder,
  fingerprintDigits,
  fingerprintPictures,
  formatComparison,
  parseComparison,
} from './comparison.ts';
import { pictureWords } from './comparison-words.ts';

const vectors = await vectorFile('comparison.json', async () => {
  const people = ['ann@example.org', 'ben@example.org', 'cleo@b.example'].map((address, i) => {
    const fingerprint = sha256(Uint8Array.of(i));
    const pictures = fingerprintPictures(fingerprint).map(([english]) => english);
    return { address, fingerprint: hex(fingerprint), pictures, digits: fingerprintDigits(fingerprint) };
  });
  const pairs = [
    [0, 1],
    [2, 1],
    [2, 0],
  ].map(([shownBy = 0, shownTo = 0]) => {
    const [a, b] = [identity(people[shownBy]), identity(people[shownTo])];
    const digits = comparisonDigits(a, b);
    const code = formatComparison({ shownBy: a, shownTo: b });
    return { shownBy, shownTo, first: comparisonOrder(a, b)[0].address, digits, code };
  });
  return { words: pictureWords, people, pairs };
});

function identity(person: { readonly address: string; readonly fingerprint: string } | undefined): ComparedIdentity {
  assert.isDefined(person);
  return { address: person.address as Address, fingerprint: parseHex(person.fingerprint) };
}

describe('comparison.json', () => {
  test('the 64 pictures and their words, each only once', () => {
    assert.deepEqual(pictureWords, vectors.words);
    assert.lengthOf(pictureWords, 64);
    for (const language of [0, 1] as const) {
      assert.strictEqual(new Set(pictureWords.map((words) => words[language].toLowerCase())).size, 64);
    }
  });

  test.each(vectors.people)('$address', ({ fingerprint, pictures, digits }) => {
    assert.deepEqual(
      fingerprintPictures(parseHex(fingerprint)).map(([english]) => english),
      pictures,
    );
    assert.strictEqual(fingerprintDigits(parseHex(fingerprint)), digits);
  });

  test.each(vectors.pairs)('$code', ({ shownBy, shownTo, first, digits, code }) => {
    const sides = [identity(vectors.people[shownBy]), identity(vectors.people[shownTo])] as const;
    assert.strictEqual(comparisonOrder(...sides)[0].address, first);
    assert.strictEqual(comparisonOrder(sides[1], sides[0])[0].address, first);
    assert.strictEqual(comparisonDigits(...sides), digits);
    assert.strictEqual(comparisonDigits(sides[1], sides[0]), digits);
    assert.strictEqual(formatComparison({ shownBy: sides[0], shownTo: sides[1] }), code);
    assert.deepEqual(parseComparison(code), { shownBy: sides[0], shownTo: sides[1] });
  });
});

describe('a code', () => {
  const code = vectors.pairs[0]?.code ?? '';

  test('is refused when it is cut off anywhere, or has more behind it', async () => {
    for (let length = 0; length < code.length; length++) {
      assert.strictEqual(await codeOf(() => parseComparison(code.slice(0, length))), 'comparison-malformed');
    }
    for (const more of ['0', '/', ' ', '\n'])
      assert.strictEqual(await codeOf(() => parseComparison(code + more)), 'comparison-malformed');
  });

  test.each([
    ['in capitals', (text: string) => text.toUpperCase()],
    ['with an address in another script', (text: string) => text.replace('ann@', 'аnn@')],
    ['of another kind', (text: string) => text.replace('compare', 'verify')],
    ['of version 0', (text: string) => text.replace('/1/', '/0/')],
  ])('%s is refused', async (_, change) => {
    assert.strictEqual(await codeOf(() => parseComparison(change(code))), 'comparison-malformed');
  });

  test('of a newer program is told apart', async () => {
    assert.strictEqual(await codeOf(() => parseComparison(code.replace('/1/', '/2/'))), 'format-unsupported');
  });
});
