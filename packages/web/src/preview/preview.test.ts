import { readFileSync } from 'node:fs';
import { assert, describe, test } from 'vitest';
import { decodeText } from './decode-text.ts';
import { imageSize } from './image-size.ts';
import { parseAnswer } from './words.ts';

describe('the size of a picture', () => {
  test('is read from its head', () => {
    const icon = readFileSync(new URL('../../public/icon-512.png', import.meta.url));
    assert.deepEqual(imageSize(icon), { mediaType: 'image/png', width: 512, height: 512 });
    const gif = bytes('474946383961', '0a00', '1400', '00');
    assert.deepEqual(imageSize(gif), { mediaType: 'image/gif', width: 10, height: 20 });
    const jpeg = bytes('ffd8', 'ffe0', '0004', '0000', 'ffc0', '0011', '08', '0102', '0304', '03');
    assert.deepEqual(imageSize(jpeg), { mediaType: 'image/jpeg', width: 0x304, height: 0x102 });
    const webp = bytes('52494646', '00000000', '57454250', '56503858', '0a000000', '00000000', '630000', '310000');
    assert.deepEqual(imageSize(webp), { mediaType: 'image/webp', width: 100, height: 50 });
  });

  test('is nobody’s guess where the head ends early or is of something else', () => {
    const icon = readFileSync(new URL('../../public/icon-512.png', import.meta.url));
    for (let length = 0; length < 24; length++) assert.isNull(imageSize(icon.subarray(0, length)), String(length));
    assert.isNull(imageSize(new TextEncoder().encode('<svg width="99999" height="99999"/>')));
    assert.isNull(imageSize(bytes('ffd8', 'ffff', 'ffff')));
  });
});

describe('a text', () => {
  test.each([
    ['UTF-8', Buffer.from('Größe\r\n'), 'Größe\n'],
    ['UTF-16', Buffer.concat([bytes('fffe'), Buffer.from('Größe', 'utf16le')]), 'Größe'],
    ['Windows-1252', bytes('4772f6dfe5'), 'Größå'],
  ])('in %s is read', (_, content, text) => {
    assert.deepEqual(decodeText(content), { text, isCut: false, hidden: 0 });
  });

  test('shows what would hide or turn it by codes', () => {
    assert.deepEqual(decodeText(Buffer.from('a\u202eb\u200bc\u0007')), {
      text: 'a⟨U+202E⟩b⟨U+200B⟩c⟨U+0007⟩',
      isCut: false,
      hidden: 3,
    });
  });

  test('is cut at a mebibyte, wherever a character stands, and is none with zeros in it', () => {
    const long = decodeText(Buffer.from('ä'.repeat(600_000)));
    assert.strictEqual(long?.isCut, true);
    assert.strictEqual(long?.text.length, 524_288);
    assert.strictEqual(decodeText(Buffer.from(`x${'ä'.repeat(600_000)}`))?.text.length, 524_288);
    assert.isNull(decodeText(bytes('00', '61')));
  });
});

test('a page that was taken over says nothing but what is in the protocol', () => {
  assert.deepEqual(parseAnswer({ kind: 'shown', facts: { width: 3 } }), { kind: 'shown', facts: { width: 3 } });
  assert.deepEqual(parseAnswer({ kind: 'refused', code: 'preview-locked' }), {
    kind: 'refused',
    code: 'preview-locked',
  });
  for (const other of [
    null,
    'ready',
    { kind: 'open' },
    { kind: 'refused', code: 'x' },
    { kind: 'shown', facts: { width: '3' } },
    { kind: 'shown', facts: { pages: -1 } },
  ]) {
    assert.isNull(parseAnswer(other), JSON.stringify(other));
  }
});

function bytes(...hex: readonly string[]): Buffer {
  return Buffer.from(hex.join(''), 'hex');
}
