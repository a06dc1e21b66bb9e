import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { columns, grouped, pairs, printable, printableLine, table, when } from './terminal.ts';

describe('text of other people', () => {
  test('cannot drive the terminal', () => {
    assert.strictEqual(printable('\u001b[2Jgone\u0007 \u009b31m'), '\ufffd[2Jgone\ufffd \ufffd31m');
    assert.strictEqual(printable('over\rwritten'), 'over\ufffdwritten');
  });

  test('cannot turn the direction of writing', () => {
    assert.strictEqual(printable('exe.\u202egpj\u202c'), 'exe.\ufffdgpj\ufffd');
  });

  test('keeps line breaks, tabs, accents and joined emoji', () => {
    assert.strictEqual(printable('a\r\nb\tç 👩‍⚕️'), 'a\nb\tç 👩‍⚕️');
    assert.strictEqual(printableLine('a\nb'), 'a b');
  });

  test('whatever it is, no control character passes', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.notMatch(printable(text).replaceAll(/[\n\t]/g, ''), /[\p{Cc}\p{Bidi_Control}]/u);
      }),
    );
  });
});

const plain = (_: unknown, text: string): string => text;

describe('layout', () => {
  test('counts columns, not code units', () => {
    assert.strictEqual(columns('ward'), 4);
    assert.strictEqual(columns('日本'), 4);
    assert.strictEqual(columns('é'), 1);
    assert.strictEqual(columns('👍'), 2);
  });

  test('columns are as wide as their widest cell', () => {
    const text = table(
      ['NAME', 'N'],
      [
        ['日本', '1'],
        ['a', '22'],
      ],
      plain,
    );
    assert.strictEqual(text, 'NAME  N\n日本  1\na     22');
  });

  test('values of several lines stay under their first', () => {
    assert.strictEqual(
      pairs(
        [
          ['Note', 'a\nb'],
          ['X', 'c'],
        ],
        plain,
      ),
      'Note  a\n      b\nX     c',
    );
  });

  test('fingerprints are in groups, times in UTC', () => {
    assert.strictEqual(grouped('0123456789abcdef'), '01234567 89abcdef');
    assert.strictEqual(when(Date.UTC(2026, 10, 21, 4, 33, 7, 12)), '2026-11-21 04:33:07Z');
  });
});
