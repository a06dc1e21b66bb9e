import { parseHex } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { PkiWireFault } from '../fault.ts';
import { MAX_DER_ELEMENTS } from '../limits.ts';
import { checkDer } from './check.ts';
import { decodeOid, encodeOid } from './oid.ts';
import { DerReader } from './reader.ts';
import * as tag from './tag.ts';
import { element, integer, octetString, oid, sequence, setOf, tagged, time } from './writer.ts';

describe('what is written is read', () => {
  test('integers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x7fffffff }), (value) => {
        assert.strictEqual(DerReader.open(integer(value)).smallInteger(), value);
      }),
    );
  });

  test('object identifiers, arcs of 128 bits included', () => {
    const arcs = fc.array(fc.bigInt({ min: 0n, max: (1n << 128n) - 1n }), { maxLength: 1 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 39 }), arcs, fc.nat(), (second, large, small) => {
        for (const root of [0, 1, 2]) {
          const dotted = [root, second, ...large, small].join('.');
          assert.strictEqual(decodeOid(encodeOid(dotted)), dotted);
        }
      }),
    );
    assert.strictEqual(decodeOid(encodeOid('2.999.3')), '2.999.3');
  });

  test('times of both forms', () => {
    const seconds = fc.integer({ min: Date.UTC(1950) / 1000, max: Date.UTC(9999) / 1000 });
    fc.assert(
      fc.property(seconds, (second) => {
        assert.strictEqual(DerReader.open(time(second * 1000)).time(), second * 1000);
      }),
    );
  });

  test('lengths of every size', () => {
    for (const length of [0, 1, 127, 128, 255, 256, 65535, 65536, 1 << 20]) {
      const content = new Uint8Array(length).fill(1);
      assert.deepEqual(DerReader.open(octetString(content)).octetString(), content);
    }
  });
});

describe('D10: what is not DER', () => {
  test.each([
    ['nothing', ''],
    ['an indefinite length', '30800000'],
    ['a long form that need not be', '04810100'],
    ['a length with a leading zero', '0482008000'],
    ['a length of five octets', '048500000000010000'],
    ['a high tag number', '1f810100'],
    ['a trailing byte', '050000'],
    ['a truncated element', '0402ff'],
    ['a child beyond its parent', '300304020000'],
    ['end of contents', '30020000'],
    ['a constructed string', '2403040100'],
    ['a primitive sequence', '1000'],
    ['a boolean of 1', '010101'],
    ['an empty integer', '0200'],
    ['a padded integer', '02020001'],
    ['a padded negative integer', '0202ff80'],
    ['a null with content', '050100'],
    ['an empty bit string', '0300'],
    ['eight unused bits', '03020800'],
    ['unused bits that are set', '03020101'],
    ['unused bits of nothing', '030101'],
    ['an empty object identifier', '0600'],
    ['an object identifier cut off', '06022a86'],
    ['a padded arc', '06032a8001'],
    ['a set out of order', '3106020102020101'],
  ])('attack with %s', (_, encoding) => {
    assert.throws(() => checkDer(parseHex(encoding)), PkiWireFault);
  });

  test('attack with an object identifier without end', () => {
    assert.throws(
      () => checkDer(element(tag.OBJECT_IDENTIFIER, new Uint8Array(40).fill(0x81), Uint8Array.of(1))),
      PkiWireFault,
    );
  });

  test('attack with 10,000 levels: it reads as far as the 33rd', () => {
    const { bytes, reads } = counted(nested(10_000));
    assert.throws(() => checkDer(bytes), PkiWireFault);
    assert.isBelow(reads(), 300);
  });

  test('attack with elements without end: it reads as many as any honest input has', () => {
    const flood = sequence(new Uint8Array(4 * (MAX_DER_ELEMENTS + 1)).map((_, i) => [4, 0, 5, 0][i % 4] as number));
    const { bytes, reads } = counted(flood);
    assert.throws(() => checkDer(bytes), PkiWireFault);
    assert.isBelow(reads(), 3 * MAX_DER_ELEMENTS);
  });

  test('control: 32 levels', () => {
    checkDer(nested(31));
  });
});

describe('refusals of readers', () => {
  test.each(['991301000000Z', '990230000000Z', '990101240000Z', '9901010000Z', '990101000000+0100', '19990101000000Z'])(
    'the time %s',
    (text) => {
      const encoded = element(tag.UTC_TIME, new TextEncoder().encode(text));
      assert.throws(() => DerReader.open(encoded).time(), PkiWireFault);
    },
  );

  test('truncation at every byte and a trailing byte', () => {
    const encoded = sequence(
      integer(300),
      setOf(oid('1.2.3'), integer(5)),
      tagged(0, octetString(new Uint8Array(200))),
    );
    checkDer(encoded);
    for (let length = 0; length < encoded.length; length++) {
      assert.throws(() => checkDer(encoded.subarray(0, length)), PkiWireFault);
    }
    assert.throws(() => checkDer(Uint8Array.of(...encoded, 0)), PkiWireFault);
  });

  test('any bytes end in DER or in a fault', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        try {
          checkDer(bytes);
        } catch (cause) {
          if (!(cause instanceof PkiWireFault)) throw cause;
        }
      }),
      { numRuns: 2000 },
    );
  });
});

function nested(levels: number): Uint8Array {
  return Array.from({ length: levels }).reduce<Uint8Array>((inner) => sequence(inner), integer(0));
}

/** Bytes that count how often one of them is read: the measure of work, whatever the machine does beside it. */
function counted(content: Uint8Array): { readonly bytes: Uint8Array; reads(): number } {
  let reads = 0;
  const bytes = new Proxy(content, {
    get(target, name) {
      if (typeof name === 'string' && /^\d+$/.test(name)) reads += 1;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
  return { bytes, reads: () => reads };
}
