import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { WireFault } from './fault.ts';
import { base64url, crockford32, hex, parseBase64url, parseCrockford32, parseHex, parseUtf8, utf8 } from './text.ts';

describe.each([
  { name: 'hex', encode: hex, parse: parseHex, foreign: 'hex' },
  { name: 'base64url', encode: base64url, parse: parseBase64url, foreign: 'base64url' },
] as const)('$name', ({ encode, parse, foreign }) => {
  test('comes back as it was, and Node writes the same', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        assert.deepEqual(parse(encode(bytes)), bytes);
        assert.strictEqual(encode(bytes), Buffer.from(bytes).toString(foreign));
      }),
    );
  });

  test('one text stands for one byte string', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 12 }), fc.nat(20), ascii, (bytes, at, character) => {
        const text = encode(bytes);
        const place = at % text.length;
        const changed = text.slice(0, place) + character + text.slice(place + 1);
        const parsed = attempt(() => parse(changed));
        if (parsed !== null) assert.strictEqual(encode(parsed), changed);
      }),
    );
  });
});

test.each(['0', 'zz', 'AB', '0x', '00 ', '00\n', ' 00', '０0'])('not hexadecimal: %j', (text) => {
  assert.isNull(attempt(() => parseHex(text)));
});

test.each(['A', 'AB', 'AAB', 'AA==', 'AA+A', 'AA/A', 'AAAA\n', 'AA A', 'é'])('not base64url: %j', (text) => {
  assert.isNull(attempt(() => parseBase64url(text)));
});

describe('base 32', () => {
  test('comes back as it was, also as a person may type it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        const text = crockford32(bytes);
        assert.match(text, /^[0-9A-HJKMNP-TV-Z]*$/);
        assert.deepEqual(parseCrockford32(text), bytes);
        const typed = text.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l');
        assert.deepEqual(parseCrockford32(` ${typed.replaceAll(/(.{4})/g, '$1-')}\n`), bytes);
      }),
    );
  });

  test.each([
    { bytes: '', text: '' },
    { bytes: '00', text: '00' },
    { bytes: 'ff', text: 'ZW' },
    { bytes: '0102030405', text: '04106105' },
    { bytes: '48656c6c6f', text: '91JPRV3F' },
  ])('$bytes is $text', ({ bytes, text }) => {
    assert.strictEqual(crockford32(parseHex(bytes)), text);
  });

  test.each(['0', '000', 'ZZ', 'U0', '0*', 'é0', 'ı0', 'ſ0', '０0'])('refused: %s', (text) => {
    assert.isNull(attempt(() => parseCrockford32(text)));
  });
});

describe('UTF-8', () => {
  test('comes back as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        assert.strictEqual(parseUtf8(utf8(text)), text);
        assert.deepEqual(utf8(text), new Uint8Array(Buffer.from(text, 'utf8')));
      }),
    );
  });

  test('a byte-order mark is text like any other', () => {
    assert.strictEqual(parseUtf8(parseHex('efbbbf61')), '\ufeffa');
  });

  test.each([
    { bytes: 'ff', why: 'no such byte' },
    { bytes: 'c3', why: 'truncated' },
    { bytes: '80', why: 'a continuation alone' },
    { bytes: 'c080', why: 'overlong' },
    { bytes: 'e08080', why: 'overlong' },
    { bytes: 'eda080', why: 'a surrogate' },
    { bytes: 'f4908080', why: 'above U+10FFFF' },
  ])('refused: $bytes, $why', ({ bytes }) => {
    assert.isNull(attempt(() => parseUtf8(parseHex(bytes))));
  });
});

/** The result, or null if it is refused as malformed. */
function attempt<Result>(run: () => Result): Result | null {
  try {
    return run();
  } catch (error) {
    if (error instanceof WireFault && error.code === 'text-malformed') return null;
    throw error;
  }
}

const ascii = fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 });
