import { assert, describe, test } from 'vitest';
import { mentionAt, replaceRange, surround } from './editing.ts';

describe('writing', () => {
  test('puts something in the place of a part', () => {
    assert.deepEqual(replaceRange('a @b c', { from: 2, to: 4, piece: '@bob@a.example ' }), {
      text: 'a @bob@a.example  c',
      caret: 17,
    });
  });

  test('marks what is selected, and takes the mark away again', () => {
    const marked = surround('say it now', { from: 4, to: 6, sign: '**' });
    assert.deepEqual(marked, { text: 'say **it** now', caret: 10 });
    assert.deepEqual(surround(marked.text, { from: 6, to: 8, sign: '**' }), { text: 'say it now', caret: 6 });
    assert.deepEqual(surround('ab', { from: 1, to: 1, sign: '*' }), { text: 'a**b', caret: 2 });
  });

  test.each<[string, string | null]>([
    ['@', ''],
    ['hello @bo', 'bo'],
    ['(@bob@a.ex', 'bob@a.ex'],
    ['mail bob@a.ex', null],
    ['@bob ', null],
    ['', null],
  ])('sees whose name is begun in %j', (text, typed) => {
    assert.strictEqual(mentionAt(text, text.length)?.typed ?? null, typed);
    const found = mentionAt(`${text} more`, text.length);
    if (found !== null) assert.strictEqual(text[found.from], '@');
  });
});
