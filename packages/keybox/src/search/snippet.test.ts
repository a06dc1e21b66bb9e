import { assert, describe, test } from 'vitest';
import { matchExpression, parseSearch } from './query.ts';
import { messageSnippet, snippetOf } from './snippet.ts';

const shown = (text: string, search: string, of = snippetOf): { text: string; words: string[] } => {
  const { text: snippet, marks } = of(text, parseSearch(search));
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
  assert.deepEqual(matchExpression(parseSearch('ab "c d" e x*')), {
    any: '"ab"* AND "c d" AND "e" AND "x"',
    whole: '"ab" AND "c d" AND "e" AND "x"',
  });
  assert.deepEqual(matchExpression(parseSearch('"ab"')), { any: '"ab"', whole: null });
  const { any, whole } = matchExpression(parseSearch('a"b\'c)d(e{f}g^h-i+j:k'));
  for (const expression of [any, whole ?? any]) assert.match(expression, /^["a-k* AND]+$/);
});

describe('a message is shown as its reader sees it', () => {
  test.each<[text: string, search: string, shown: string, words: string[]]>([
    ['the **needle** in `hay`', 'needle hay', 'the needle in hay', ['needle', 'hay']],
    ['**a _needle_** ~~gone~~', 'needle', 'a needle gone', ['needle']],
    ['> said\n- one needle\n- two', 'needle', 'said one needle · two', ['needle']],
    ['```ts\nneedle();\n```', 'needle', 'needle();', ['needle']],
    ['see https://a.example/needle_one.', 'needle', 'see https://a.example/needle_one.', ['needle']],
    ['2 * 3 * needle and some_file_name', 'needle', '2 * 3 * needle and some_file_name', ['needle']],
    ['"a **needle** lies" here', '"needle lies"', '"a needle lies" here', ['needle', 'lies']],
  ])('%j', (text, search, expected, words) => {
    assert.deepEqual(shown(text, search, messageSnippet), { text: expected, words });
  });

  test('and as it was written where the signs alone hold what was searched', () => {
    const { text, words } = shown('```needle\nx\n```', 'needle', messageSnippet);
    assert.deepEqual({ text, words }, { text: '```needle x ```', words: ['needle'] });
  });

  test('and cut around the hit, wherever signs stand before it', () => {
    const { text, words } = shown(
      `${'**filler** '.repeat(100)}the *needle* lies **here** ${'`x` '.repeat(99)}`,
      'needle',
      messageSnippet,
    );
    assert.deepEqual(words, ['needle']);
    assert.notMatch(text, /[*`]/);
    assert.ok(text.startsWith('…') && text.endsWith('…') && text.length <= 162, text);
  });
});
