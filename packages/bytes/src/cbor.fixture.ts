import fc from 'fast-check';
import type { CborValue } from './cbor-value.ts';

const integers = fc.oneof(
  fc.maxSafeInteger(),
  fc.constantFrom(0, 23, 24, 255, 256, 65535, 65536, 4294967295, 4294967296, Number.MAX_SAFE_INTEGER),
  fc.constantFrom(-1, -24, -25, -256, -257, -65536, -65537, -4294967296, -4294967297, Number.MIN_SAFE_INTEGER),
);
const texts = fc.oneof(fc.string({ unit: 'binary', maxLength: 30 }), fc.string({ minLength: 20, maxLength: 40 }));
const keys = texts.filter((key) => key !== '__proto__');

/** Values of the subset, up to five levels deep, dense around the places where encodings grow. */
export const values: fc.Arbitrary<CborValue> = fc.letrec<{ value: CborValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', maxDepth: 5, withCrossShrink: true },
    fc.oneof(fc.constantFrom(null, true, false), integers, texts, fc.uint8Array({ maxLength: 300 })),
    fc.array(tie('value'), { maxLength: 30 }),
    fc.dictionary(keys, tie('value'), { maxKeys: 8, noNullPrototype: true }),
  ),
})).value;
