import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import type { Inline } from './inline.ts';
import { type Block, parseMarkdown, plainText } from './markdown.ts';

describe('markdown of messages', () => {
  test.each<[string, string]>([
    ['plain', 'p(plain)'],
    ['a **b** c', 'p(a <strong b> c)'],
    ['*a* _b_ ~~c~~', 'p(<emphasis a> <emphasis b> <struck c>)'],
    ['**a *b* c**', 'p(<strong a <emphasis b> c>)'],
    ['`a **b**`', 'p(<code a **b**>)'],
    ['2 * 3 * 4, some_file_name, a*b*c', 'p(2 * 3 * 4, some_file_name, a*b*c)'],
    ['**open', 'p(**open)'],
    ['> a\n> b\nc', 'quote(p(a\nb)) p(c)'],
    ['> > a', 'quote(quote(p(a)))'],
    ['- a\n- *b*\n\nc', 'list(a | <emphasis b>) p(c)'],
    ['3. a\n4. b', 'list3(a | b)'],
    ['```js\nlet a = `1`;\n\n<b>\n```\nb', 'code js(let a = `1`;\n\n<b>) p(b)'],
    ['```\nopen', 'p(```\nopen)'],
    ['a\n\nb', 'p(a) p(b)'],
    ['-1 and 1.5', 'p(-1 and 1.5)'],
    ['<b>x</b> <script>', 'p(<b>x</b> <script>)'],
  ])('%j', (text, expected) => {
    assert.strictEqual(show(parseMarkdown(text)), expected);
  });

  test.each<[string, string]>([
    ['see https://a.example/b?c=d#e.', 'p(see <link https://a.example/b?c=d#e>.)'],
    [
      '(https://a.example/x_(y)) **https://b.example**',
      'p((<link https://a.example/x_(y)>) <strong <link https://b.example>>)',
    ],
    [
      'javascript:alert(1) data:x ftp://a.example xhttps://a.example',
      'p(javascript:alert(1) data:x ftp://a.example xhttps://a.example)',
    ],
    ['https://bank.example@evil.example/', 'p(https://bank.example@evil.example/)'],
    ['https://аpple.example/ü', 'p(<link https://xn--pple-43d.example/%C3%BC>)'],
    ['https://a.example/\u202egnp.exe', 'p(<link https://a.example/>\u202egnp.exe)'],
    ['https://', 'p(https://)'],
  ])('addresses of pages: %j', (text, expected) => {
    assert.strictEqual(show(parseMarkdown(text)), expected);
  });

  test.each<[string, string]>([
    ['@bob@a.example, and bob@a.example.', 'p(<mention @bob@a.example>, and <mention bob@a.example>.)'],
    ['@BOB@A.example', 'p(<mention @BOB@A.example>)'],
    ['carol@a.example xbob@a.example bob@a.example.org', 'p(carol@a.example xbob@a.example bob@a.example.org)'],
    ['`bob@a.example` **bob@a.example**', 'p(<code bob@a.example> <strong <mention bob@a.example>>)'],
  ])('addresses of people: %j', (text, expected) => {
    assert.strictEqual(show(parseMarkdown(text, { mentions: ['bob@a.example'] })), expected);
  });

  test('in one line', () => {
    assert.strictEqual(plainText('**a** b\n\n- c\n- `d`\n\n> e'), 'a b c · d e');
  });

  test('loses and invents no letter, and leads nowhere but where it says', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const blocks = parseMarkdown(text, { mentions: ['bob@a.example'] });
        // An address with other letters than those of ASCII is written out.
        if (links(blocks).every((link) => text.includes(link.text))) {
          assert.strictEqual(letters(plain(blocks)), letters(text));
        }
        for (const { href, text: shown } of links(blocks)) {
          assert.match(href, /^https?:\/\//);
          assert.match(shown, /^[\x21-\x7e]+$/);
          assert.strictEqual(new URL(shown).href, href);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test.each(['*', '**', '_', '`', '~~', '> ', '- ', '*a', '`a', 'a@', 'https://', '(', '*_', '```\n', '1. '])(
    'a huge paste of %j ends',
    (piece) => {
      const text = piece.repeat(19_999 / piece.length);
      assert.isAbove(parseMarkdown(text, { mentions: ['bob@a.example'] }).length, 0);
      assert.deepEqual(parseMarkdown(text.repeat(2)), [
        { kind: 'paragraph', inline: [{ kind: 'text', text: text.repeat(2) }] },
      ]);
    },
  );
});

/** Letters alone: signs are what markdown takes away. */
function letters(text: string): string {
  return text.replaceAll(/[^\p{L}]/gu, '');
}

function plain(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'code') return block.language + block.text;
      if (block.kind === 'quote') return plain(block.blocks);
      return block.kind === 'list' ? block.items.map(words).join('') : words(block.inline);
    })
    .join('');
}

function words(inline: readonly Inline[]): string {
  return inline.map((each) => ('inline' in each ? words(each.inline) : each.text)).join('');
}

function links(blocks: readonly Block[]): readonly (Inline & { kind: 'link' })[] {
  const within = (inline: readonly Inline[]): readonly (Inline & { kind: 'link' })[] =>
    inline.flatMap((each) => {
      if (each.kind === 'link') return [each];
      return 'inline' in each ? within(each.inline) : [];
    });
  return blocks.flatMap((block) => {
    if (block.kind === 'code') return [];
    if (block.kind === 'quote') return links(block.blocks);
    return block.kind === 'list' ? block.items.flatMap(within) : within(block.inline);
  });
}

function show(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === 'code') return `code ${block.language}(${block.text})`;
      if (block.kind === 'quote') return `quote(${show(block.blocks)})`;
      if (block.kind === 'list') return `list${block.start ?? ''}(${block.items.map(showInline).join(' | ')})`;
      return `p(${showInline(block.inline)})`;
    })
    .join(' ');
}

function showInline(inline: readonly Inline[]): string {
  return inline
    .map((each) => {
      if (each.kind === 'text') return each.text;
      return `<${each.kind} ${'inline' in each ? showInline(each.inline) : each.text}>`;
    })
    .join('');
}

const anyText = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '**',
        '*',
        '_',
        '~~',
        '`',
        '```',
        '\n',
        '\r\n',
        '> ',
        '- ',
        '1. ',
        ' ',
        'https://a.example/x',
        'bob@a.example',
        '@',
      ),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
    ),
    { maxLength: 40 },
  )
  .map((parts) => parts.join(''));
