import { type CborValue, encodeCbor, hex, WireFault } from '@sotto/bytes';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { body } from './body.ts';
import { fixedBytes } from './format.ts';
import { bytes, samples } from './samples.fixture.ts';

describe.each(samples)('$name', ({ format, values }) => {
  test('reads what it wrote, to the byte', () => {
    for (const value of values) {
      const encoded = format.encode(value);
      assert.deepEqual(format.parse(encoded), value);
      assert.deepEqual(format.encode(format.parse(encoded)), encoded);
    }
  });

  test('refuses truncation at every byte, and a byte too many', () => {
    for (const value of values) {
      const encoded = format.encode(value);
      for (let length = 0; length < encoded.length; length++) refused(() => format.parse(encoded.subarray(0, length)));
      refused(() => format.parse(Uint8Array.of(...encoded, 0)));
      refused(() => format.parse(Uint8Array.of(...encoded, 0xf6)));
    }
  });

  test('refuses a member too many and one too few, at every depth', () => {
    for (const value of values) {
      for (const altered of alterMaps(value as CborValue))
        refused(() => format.parse(encodeCbor(altered.value)), altered.at);
    }
  });

  test('refuses a value of another type, at every depth', () => {
    for (const value of values) {
      for (const altered of alterLeaves(value as CborValue))
        refused(() => format.parse(encodeCbor(altered.value)), altered.at);
    }
  });

  test('takes nothing that it would write otherwise', () => {
    const encodings = values.map((value) => format.encode(value));
    const mutated = fc
      .tuple(fc.constantFrom(...encodings), fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }))
      .map(([encoded, changes]) => changes.reduce((so, [at, byte]) => so.with(at % so.length, byte), encoded));
    fc.assert(
      fc.property(mutated, (changed) => isCanonical(changed)),
      { numRuns: 500 },
    );
  });

  test('refuses every value of another type in its place', () => {
    for (const wrong of [null, true, 7, -1, 'text', new Uint8Array(3), [], [[]], [null, null], {}, { v: 1 }]) {
      refused(() => format.parse(encodeCbor(wrong)), typeof wrong);
    }
  });

  test('survives whatever arrives', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (arrived) => isCanonical(arrived)),
      { numRuns: 1000 },
    );
  });

  function isCanonical(arrived: Uint8Array): void {
    let parsed: unknown;
    try {
      parsed = format.parse(arrived);
    } catch (cause) {
      assert.instanceOf(cause, WireFault);
      return;
    }
    assert.strictEqual(hex(format.encode(parsed)), hex(arrived));
  }
});

test('any text that is well-formed comes back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      const content = { text, format: 'plain', replyTo: null, thread: null, mentions: [] } as const;
      const value = { id: bytes(16), at: 1, kind: 'message', content } as const;
      assert.deepEqual(body.parse(body.encode(value)), value);
    }),
  );
});

test('a newer version, type or kind is told from a forgery', async () => {
  for (const { name, format, values } of samples) {
    const field = {
      statement: 'type',
      'roster statement': 'type',
      'contact statement': 'type',
      'record body': 'kind',
      'key log entry': 'event',
    }[name];
    if (field === undefined) continue;
    const value = values[0] as { [key: string]: CborValue };
    const parse = (changed: CborValue) => codeOf(() => format.parse(encodeCbor(changed)));
    assert.strictEqual(await parse({ ...value, [field]: 'account.close' }), 'format-unsupported', name);
    assert.strictEqual(await parse({ ...value, v: 2 }), 'format-unsupported', name);
    assert.strictEqual(await parse({ ...value, v: 0 }), 'format-malformed', name);
    assert.strictEqual(await parse({ ...value, [field]: 7 }), 'format-malformed', name);
  }
});

test('byte strings have their length', () => {
  for (const length of [0, 31, 33]) assert.isFalse(fixedBytes(32).safeParse(bytes(length)).success);
  assert.isTrue(fixedBytes(32).safeParse(bytes(32)).success);
});

interface Altered {
  readonly at: string;
  readonly value: CborValue;
}

/** Every map of a value with a member more, and with each member missing. */
function* alterMaps(value: CborValue, at = ''): Generator<Altered> {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null || isFree(at)) return;
  if (!Array.isArray(value)) {
    yield { at: `${at}+`, value: { ...value, unknown: 1 } };
    for (const wrong of [[], new Uint8Array()]) yield { at: `${at} := empty`, value: wrong };
    for (const key of Object.keys(value)) {
      const { [key]: _missing, ...rest } = value as { [key: string]: CborValue };
      yield { at: `${at}.${key}-`, value: rest };
    }
  }
  yield* inside(value, at, alterMaps);
}

/** A value with each of its leaves replaced by one of a type that no format has there. */
function* alterLeaves(value: CborValue, at = ''): Generator<Altered> {
  if (isFree(at)) return;
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) {
    for (const wrong of [typeof value === 'boolean' ? 1 : true, -1, [[]], { v: {} }])
      yield { at: `${at} := ${typeof wrong}`, value: wrong };
    return;
  }
  yield* inside(value, at, alterLeaves);
}

function* inside(
  value: CborValue,
  at: string,
  alter: (value: CborValue, at: string) => Generator<Altered>,
): Generator<Altered> {
  for (const [key, member] of Object.entries(value as object)) {
    for (const altered of alter(member as CborValue, `${at}.${key}`)) {
      const changed = Array.isArray(value)
        ? value.with(Number(key), altered.value)
        : { ...(value as object), [key]: altered.value };
      yield { at: altered.at, value: changed as CborValue };
    }
  }
}

/** Members whose inner form belongs to somebody else. */
function isFree(at: string): boolean {
  return ['.input', '.output', '.detail', '.detail.limit'].includes(at);
}

function refused(parse: () => unknown, at = ''): void {
  try {
    parse();
  } catch (cause) {
    assert.instanceOf(cause, WireFault, at);
    return;
  }
  assert.fail(`taken: ${at}`);
}
