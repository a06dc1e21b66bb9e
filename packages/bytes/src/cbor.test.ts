import { vectorFile } from '@sotto/testing';
import * as cborg from 'cborg';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { values } from './cbor.fixture.ts';
import { decodeCbor, encodeCbor } from './cbor.ts';
import type { CborValue } from './cbor-value.ts';
import { BugFault, WireFault } from './fault.ts';
import { MAX_CBOR_BYTES, MAX_CBOR_DEPTH } from './limits.ts';
import { hex, parseHex } from './text.ts';

interface Vectors {
  readonly accepted: readonly { readonly hex: string; readonly diagnostic: string }[];
  readonly refused: readonly { readonly hex: string; readonly code: string; readonly why: string }[];
}

const vectors = await vectorFile<Vectors>('cbor.json', () => Promise.reject(new Error('written by hand')));

describe('vectors', () => {
  test.each(vectors.accepted)('accepted: $diagnostic', ({ hex: item, diagnostic }) => {
    const value = decodeCbor(parseHex(item));
    assert.strictEqual(diagnose(value), diagnostic);
    assert.strictEqual(hex(encodeCbor(value)), item);
  });

  test.each(vectors.refused)('refused: $why ($hex)', ({ hex: item, code }) => {
    assert.strictEqual(refusal(parseHex(item)), code);
  });
});

describe('every value', () => {
  test('comes back as it was, and cborg writes and reads the same', () => {
    fc.assert(
      fc.property(values, (value) => {
        const bytes = encodeCbor(value);
        assert.deepEqual(decodeCbor(bytes), value);
        assert.strictEqual(hex(bytes), hex(cborg.encode(value, cborg.rfc8949EncodeOptions)));
        assert.deepEqual(cborg.decode(bytes), value);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused when cut at any byte, and with a byte more', () => {
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 255 }), (value, extra) => {
        const bytes = encodeCbor(value);
        for (let length = 0; length < bytes.length; length++) {
          assert.strictEqual(refusal(bytes.subarray(0, length)), 'cbor-malformed');
        }
        assert.strictEqual(refusal(Uint8Array.of(...bytes, extra)), 'cbor-malformed');
      }),
      { numRuns: 50 },
    );
  });
});

describe('every byte string', () => {
  test('is accepted if and only if cborg reads it, writes it the same, and it is of the subset', () => {
    let accepted = 0;
    fc.assert(
      fc.property(mutants(), (bytes) => {
        const value = foreignReading(bytes);
        const code = refusal(bytes);
        if (value === undefined) assert.isNotNull(code);
        else {
          assert.isNull(code);
          assert.deepEqual(decodeCbor(bytes), value);
          accepted++;
        }
      }),
      { numRuns: 8000 },
    );
    assert.isAbove(accepted, 200, 'too few mutants were well-formed to say anything');
  });
});

describe('limits', () => {
  test('nesting', () => {
    const nested = (levels: number): CborValue => (levels === 0 ? 0 : [nested(levels - 1)]);
    assert.deepEqual(decodeCbor(encodeCbor(nested(MAX_CBOR_DEPTH))), nested(MAX_CBOR_DEPTH));
    assert.throws(() => encodeCbor(nested(MAX_CBOR_DEPTH + 1)), BugFault);
    const deep = Uint8Array.of(...new Uint8Array(MAX_CBOR_DEPTH + 1).fill(0x81), 0x00);
    assert.strictEqual(refusal(deep), 'cbor-malformed');
    assert.strictEqual(refusal(new Uint8Array(MAX_CBOR_BYTES).fill(0x81)), 'cbor-malformed');
  });

  test('size', () => {
    const item = encodeCbor(new Uint8Array(95));
    assert.deepEqual(decodeCbor(item, item.length), new Uint8Array(95));
    assert.strictEqual(refusal(item, item.length - 1), 'cbor-too-large');
    assert.strictEqual(refusal(new Uint8Array(MAX_CBOR_BYTES + 1)), 'cbor-too-large');
  });

  test('an array of as many items as an item can hold', () => {
    const items = new Array<CborValue>(MAX_CBOR_BYTES - 5).fill(0);
    assert.lengthOf(decodeCbor(encodeCbor(items)) as CborValue[], items.length);
  });
});

describe('the encoder refuses what no format has', () => {
  class Handle {
    readonly #secret = 1;
    read(): number {
      return this.#secret;
    }
  }
  const strangers: Readonly<Record<string, unknown>> = {
    'a fraction': 1.5,
    'not a number': Number.NaN,
    infinity: Number.POSITIVE_INFINITY,
    'minus zero': -0,
    'an integer above 2^53 - 1': 2 ** 53,
    'an integer below -(2^53 - 1)': -(2 ** 53),
    'a bigint': 1n,
    undefined: undefined,
    'undefined in a map': { a: undefined },
    'a hole in an array': new Array(1),
    'a lone surrogate': '\ud800',
    'a lone surrogate in a key': { '\udc00': 1 },
    'a key that objects treat as their own': JSON.parse('{"__proto__":1}'),
    'an object of a class': new Handle(),
    'a Map': new Map([['a', 1]]),
    'a date': new Date(0),
    'an array of other numbers': Uint16Array.of(1),
    'a function': () => 1,
    'a symbol': Symbol('a'),
  };
  test.each(Object.entries(strangers))('%s', (_, stranger) => {
    assert.throws(() => encodeCbor(stranger as CborValue), BugFault);
    assert.throws(() => encodeCbor([stranger as CborValue]), BugFault);
  });
});

test('decoded bytes are copies, also of a Node Buffer', () => {
  const item = Buffer.from(encodeCbor(Uint8Array.of(1, 2, 3)));
  const value = decodeCbor(item) as Uint8Array;
  item.fill(0xff);
  assert.deepEqual(value, Uint8Array.of(1, 2, 3));
  assert.strictEqual(Object.getPrototypeOf(value), Uint8Array.prototype);
});

test('an item is read at its place in a larger buffer', () => {
  const item = encodeCbor([65536, 'é', -4294967297]);
  const frame = new Uint8Array(item.length + 7);
  frame.set(item, 3);
  assert.deepEqual(decodeCbor(frame.subarray(3, 3 + item.length)), [65536, 'é', -4294967297]);
});

test('a byte order mark is a character like others', () => {
  const item = Uint8Array.of(0x63, 0xef, 0xbb, 0xbf);
  assert.strictEqual(decodeCbor(item), '\ufeff');
  assert.deepEqual(encodeCbor('\ufeff'), item);
});

/** The code with which an input is refused; null if it is accepted. */
function refusal(bytes: Uint8Array, maxBytes?: number): string | null {
  try {
    decodeCbor(bytes, maxBytes);
    return null;
  } catch (error) {
    if (error instanceof WireFault) return error.code;
    throw error;
  }
}

/** What cborg reads, if that is of our subset and cborg writes it as it stood; undefined otherwise. */
function foreignReading(bytes: Uint8Array): unknown {
  try {
    const value = cborg.decode(bytes, { strict: true, allowIndefinite: false, allowUndefined: false });
    const again = cborg.encode(value, cborg.rfc8949EncodeOptions);
    return isOfSubset(value, 0) && hex(again) === hex(bytes) ? value : undefined;
  } catch (error) {
    if (error instanceof Error) return undefined;
    throw error;
  }
}

function isOfSubset(value: unknown, depth: number): boolean {
  if (depth > MAX_CBOR_DEPTH) return false;
  if (value === null || typeof value === 'boolean' || value instanceof Uint8Array) return true;
  if (typeof value === 'number') return Number.isSafeInteger(value) && !Object.is(value, -0);
  if (typeof value === 'string') return value.isWellFormed();
  if (Array.isArray(value)) return value.every((item) => isOfSubset(item, depth + 1));
  return typeof value === 'object' && Object.values(value).every((item) => isOfSubset(item, depth + 1));
}

/** Encodings of random values with a few bytes changed, put in or left out: most are nearly right. */
function mutants(): fc.Arbitrary<Uint8Array> {
  const edit = fc.record({
    kind: fc.constantFrom('set', 'insert', 'remove'),
    at: fc.nat(40),
    byte: fc.oneof(fc.constantFrom(...heads), fc.integer({ min: 0, max: 255 })),
  });
  const mutated = fc.tuple(values, fc.array(edit, { maxLength: 3 })).map(([value, edits]) => {
    const bytes = [...encodeCbor(value)];
    for (const { kind, at, byte } of edits) {
      const inserted = kind === 'remove' ? [] : [byte];
      bytes.splice(at % (bytes.length + 1), kind === 'insert' ? 0 : 1, ...inserted);
    }
    return Uint8Array.from(bytes);
  });
  // cborg leaves out a byte order mark at the beginning of a text, which RFC 8949 nowhere allows.
  return mutated.filter((bytes) => !hex(bytes).includes('efbbbf'));
}

/** RFC 8949 section 8, as far as the subset needs it. */
function diagnose(value: CborValue): string {
  if (value instanceof Uint8Array) return `h'${hex(value)}'`;
  if (Array.isArray(value)) return `[${value.map(diagnose).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}: ${diagnose(item)}`);
  return `{${entries.join(', ')}}`;
}

/** First bytes at which something begins or ends to be allowed. */
const heads = [0x00, 0x17, 0x18, 0x19, 0x1a, 0x1b, 0x1c, 0x1f, 0x20, 0x38, 0x3b, 0x40, 0x58, 0x5f, 0x60, 0x78, 0x7f]
  .concat([0x80, 0x81, 0x98, 0x9f, 0xa0, 0xa1, 0xb8, 0xbf, 0xc0, 0xc2, 0xe0, 0xf3, 0xf4, 0xf6, 0xf7, 0xf8, 0xf9])
  .concat([0xfa, 0xfb, 0xff]);
