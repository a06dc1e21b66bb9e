import { BugFault, type CborValue, decodeCbor, encodeCbor, Fault, UsageFault } from '@sotto/bytes';
import { Secret } from '@sotto/crypto';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { AgentWireFault } from './fault.ts';
import { type Borrower, decodeValue, encodeValue, type Lender } from './value.ts';

const nobody: Lender & Borrower = {
  lendFunction: () => assert.fail('nothing is lent'),
  lendSignal: () => assert.fail('nothing is lent'),
  borrowFunction: () => assert.fail('nothing is borrowed'),
  borrowSignal: () => assert.fail('nothing is borrowed'),
  giveBack: () => assert.fail('nothing is given back'),
};

const plain = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom(null, undefined, true, false, -0, Number.NaN, Number.POSITIVE_INFINITY),
    fc.double(),
    fc.integer(),
    fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }),
    fc.string({ unit: 'binary' }),
    fc.uint8Array(),
    fc.array(tie('value')),
    fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('$', 'constructor', '__proto__')), tie('value'), {
      noNullPrototype: true,
    }),
  ),
})).value;

test('plain values come back as they were', () => {
  fc.assert(
    fc.property(plain, (value) => assert.deepEqual(travelled(value), withoutGaps(value))),
    { numRuns: 500 },
  );
});

test('a fault inside a value keeps code, blame, message and detail', () => {
  const sent = new UsageFault('queued', 'it waits', { detail: { retryAfterSeconds: 7 } });
  const { faults } = travelled({ faults: [sent] }) as { readonly faults: readonly Fault[] };
  assert.isTrue(faults[0] instanceof Fault);
  assert.deepInclude(faults[0], {
    code: 'queued',
    blame: 'usage',
    message: 'it waits',
    detail: { retryAfterSeconds: 7 },
  });
});

describe('objects of a class stay where they are', () => {
  class Handle {
    readonly open = true;
  }
  test.each([
    ['a secret', new Secret(new Uint8Array(32))],
    ['an object of a class', new Handle()],
    ['a map', new Map([['a', 1]])],
    ['a date', new Date(0)],
    ['a symbol', Symbol('a')],
  ])('%s', (_, value) => {
    assert.throws(() => encodeValue(value, nobody), BugFault);
    assert.throws(() => encodeValue([{ inside: value }], nobody), BugFault);
  });
});

describe('what the protocol does not have is refused', () => {
  test.each([
    ['an unknown tag', { $: 'class', name: 'Secret' }],
    ['a tag that is no text', { $: 1 }],
    ['a function without a number', { $: 'function', ref: 'x' }],
    ['a negative number of a function', { $: 'function', ref: -1 }],
    ['a big integer in hexadecimal', { $: 'bigint', text: '0x10' }],
    ['an iteration without an end', { $: 'iteration', next: 1 }],
    ['an object whose entries are no pairs', { $: 'object', entries: [['a']] }],
    ['an object with a key that is no text', { $: 'object', entries: [[1, 2]] }],
  ] as readonly [string, CborValue][])('%s', (_, value) => {
    assert.throws(() => decodeValue(value, nobody), AgentWireFault);
  });
});

test('a key called __proto__ changes no prototype', () => {
  const made = decodeValue({ $: 'object', entries: [['__proto__', { polluted: true }]] }, nobody) as object;
  assert.strictEqual(Object.getPrototypeOf(made), Object.prototype);
  assert.isFalse('polluted' in made);
});

function travelled(value: unknown): unknown {
  return decodeValue(decodeCbor(encodeCbor(encodeValue(value, nobody))), nobody);
}

/** Properties that are undefined are as good as not there. */
function withoutGaps(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutGaps);
  if (typeof value === 'string') return value.toWellFormed();
  if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value;
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  const object = {};
  for (const [key, item] of entries) {
    Object.defineProperty(object, key, {
      value: withoutGaps(item),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return object;
}
