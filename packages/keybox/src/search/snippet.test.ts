import { assert, test } from 'vitest';
import { matchExpression, parseSearch } from './query.ts';
import { snippetOf } from './snippet.ts';

const shown = (text: string, search: string): { text: string; words: string[] } => {
  const { text: snippet, marks } = snippetOf(text, parseSearch(search));
  return { text: snippet, words: marks.map(([from, to]) => snippet.slice(from, to)) };
};

test('a long text is cut around the first hit', () => {
  const long = `${'filler '.repeat(200)}the needle lies here ${'filler '.repeat(200)}needle`;
  const { text, words } = shown(long, 'needle');
  assert.deepEqual(words, ['needle']);
  assert.ok(text.startsWith('…') && text.endsWith('…') && text.length <= 162, text);
  assert.include(text, 'the needle lies here');
});

test('a text is one line, and one word of ten thousand letters is cut', () => {
  assert.strictEqual(shown('a\nb\tneedle', 'needle').text, 'a b needle');
  assert.strictEqual(shown('x'.repeat(10_000), 'needle').text.length, 161);
  assert.strictEqual(shown(`${'\u{1f600}'.repeat(5000)}`, 'needle').text.isWellFormed(), true);
});

test('only letters, digits and marks go to the index, in quotation marks', () => {
  assert.strictEqual(matchExpression(parseSearch('ab "c d" e x*')), '("ab" OR "ab"*) AND "c d" AND "e" AND "x"');
  assert.match(matchExpression(parseSearch('a"b\'c)d(e{f}g^h-i+j:k')), /^[("a-k*) ORAND]+$/);
});
