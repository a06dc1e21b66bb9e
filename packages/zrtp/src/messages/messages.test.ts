import { concat } from '@sotto/bytes';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { encodeMessage, text, word } from '../fields.ts';
import { type Commitment, encodeCommit, parseCommit } from './commit.ts';
import { encodeConfirm, encodeSealedConfirm, parseConfirm, parseSealedConfirm } from './confirm.ts';
import { encodeDhPart, parseDhPart } from './dh-part.ts';
import { encodeHello, parseHello } from './hello.ts';
import { encodeError, encodePingAck, encodeShort, parseError, parsePing, parseShort } from './short.ts';

/** A codec: what it takes, and how it is written and read. */
interface Codec<Value> {
  readonly values: fc.Arbitrary<Value>;
  readonly encode: (value: Value) => Uint8Array;
  readonly parse: (message: Uint8Array) => Value;
  /** Least length that is a message, where the last field is as long as it likes. */
  readonly least?: number;
}

describe('Hello', () =>
  check({
    values: fc.record({
      version: fc.constantFrom('1.10', '9.99'),
      client: fc.constantFrom('sotto', 'a client of 16!!', ''),
      h3: bytes(32),
      zid: bytes(12),
      ...{ signatureCapable: fc.boolean(), isMitm: fc.boolean(), isPassive: fc.boolean() },
      choices: fc.record({
        ...{ hashes: names('S256', 'S384'), ciphers: names('AES1', 'AES3'), authTags: names('HS32', 'HS80') },
        ...{ agreements: names('X255', 'DH3k', 'EC38', 'Mult'), sasTypes: names('B256') },
      }),
      mac: bytes(8),
    }),
    encode: ({ mac, ...hello }) => encodeHello(hello, () => mac),
    parse: parseHello,
  }));

test('a Hello with more names than there may be, or than there are, is refused', async () => {
  const hello = (counts: number, ...list: readonly string[]): Uint8Array =>
    encodeMessage(
      'Hello',
      ...[text('1.10', 4), text('sotto', 16), new Uint8Array(44), word(counts)],
      ...list.map((name) => text(name, 4)),
      new Uint8Array(8),
    );
  assert.lengthOf(parseHello(hello(0x00070000, ...Array(7).fill('S256'))).choices.hashes, 7);
  assert.strictEqual(await codeOf(() => parseHello(hello(0x00080000, ...Array(8).fill('S256')))), 'message-malformed');
  assert.strictEqual(await codeOf(() => parseHello(hello(0x00020000, 'S256'))), 'message-malformed');
  assert.strictEqual(await codeOf(() => parseHello(hello(0x80000000))), 'message-malformed');
});

describe.each<[string, string, fc.Arbitrary<Commitment>]>([
  ['public values', 'X255', fc.record({ mode: fc.constant('dh' as const), hvi: bytes(32) })],
  ['a further stream', 'Mult', fc.record({ mode: fc.constant('multistream' as const), nonce: bytes(16) })],
  ['a kept secret', 'Prsh', fc.record({ mode: fc.constant('preshared' as const), nonce: bytes(16), keyId: bytes(8) })],
])('Commit to %s', (_name, agreement, commitment) =>
  check({
    values: fc.record({
      ...{ h2: bytes(32), zid: bytes(12), hash: fc.constant('S384'), cipher: fc.constant('AES3') },
      ...{ authTag: fc.constant('HS80'), agreement: fc.constant(agreement), sasType: fc.constantFrom('B256', 'B32 ') },
      ...{ commitment, mac: bytes(8) },
    }),
    encode: ({ mac, ...commit }) => encodeCommit(commit, () => mac),
    parse: parseCommit,
  }),
);

describe.each(['DHPart1', 'DHPart2'] as const)('%s', (type) =>
  check({
    values: fc.record({
      ...{ h1: bytes(32), rs1Id: bytes(8), rs2Id: bytes(8), auxId: bytes(8), pbxId: bytes(8) },
      ...{ publicValue: fc.constantFrom(32, 56, 96, 384).chain(bytes), mac: bytes(8) },
    }),
    encode: ({ mac, ...part }) => encodeDhPart(type, part, () => mac),
    parse: (message) => parseDhPart(type, message),
    least: 12 + 32 + 4 * 8 + 8,
  }),
);

describe.each(['Confirm1', 'Confirm2'] as const)('%s, sealed', (type) =>
  check({
    values: fc.record({ mac: bytes(8), iv: bytes(16), encrypted: fc.constantFrom(40, 44, 2080).chain(bytes) }),
    encode: (confirm) => encodeSealedConfirm(type, confirm),
    parse: (message) => parseSealedConfirm(type, message),
    least: 12 + 8 + 16 + 40,
  }),
);

describe('what a Confirm seals', () => {
  check({
    values: fc.record({
      ...{ h0: bytes(32), sasVerified: fc.boolean(), allowClear: fc.boolean(), pbxEnrolment: fc.boolean() },
      ...{ disclosure: fc.boolean(), cacheSeconds: fc.integer({ min: 0, max: 0xffff_ffff }) },
    }),
    encode: encodeConfirm,
    parse: parseConfirm,
  });

  test('has as much of a signature behind it as it says', async () => {
    const confirm = { h0: new Uint8Array(32), sasVerified: true, allowClear: false, pbxEnrolment: false };
    const plain = encodeConfirm({ ...confirm, disclosure: false, cacheSeconds: 0 });
    plain[34] = 2;
    assert.isTrue(parseConfirm(concat(plain, new Uint8Array(8))).sasVerified);
    for (const length of [0, 4, 7, 12])
      assert.strictEqual(await codeOf(() => parseConfirm(concat(plain, new Uint8Array(length)))), 'message-malformed');
  });
});

describe.each(['HelloACK', 'Conf2ACK', 'ErrorACK'] as const)('%s', (type) =>
  check({
    values: fc.constant(undefined),
    encode: () => encodeShort(type),
    parse: (message) => parseShort(type, message),
  }),
);

describe('Error', () =>
  check({ values: fc.integer({ min: 0, max: 0xffff_ffff }), encode: encodeError, parse: parseError }));

describe('Ping', () =>
  check({
    values: fc.record({ version: fc.constant('1.10'), endpoint: bytes(8) }),
    encode: ({ version, endpoint }) => encodeMessage('Ping', text(version, 4), endpoint),
    parse: parsePing,
  }));

test('a PingACK has what RFC 6189 section 5.16 says', () => {
  const [endpoint, pinged] = [new Uint8Array(8).fill(1), new Uint8Array(8).fill(2)];
  const encoded = encodePingAck({ version: '1.10', endpoint, pinged, source: 0x01020304 });
  const expected = encodeMessage('PingACK', text('1.10', 4), endpoint, pinged, Uint8Array.of(1, 2, 3, 4));
  assert.deepEqual(encoded, expected);
});

function check<Value>({ values, encode, parse, least }: Codec<Value>): void {
  test('is read as it was written', () => {
    fc.assert(
      fc.property(values, (value) => {
        const message = encode(value);
        assert.deepEqual(parse(message), value);
        assert.deepEqual(parse(Uint8Array.of(0, ...message).subarray(1)), value);
      }),
    );
  });

  test('is refused wherever it is cut off, and with more behind it', async () => {
    const [value] = fc.sample(values, { numRuns: 1, seed: 1 });
    const message = encode(value as Value);
    for (let length = 0; length < (least ?? message.length); length++)
      assert.strictEqual(await codeOf(() => parse(message.subarray(0, length))), 'message-malformed', `${length}`);
    if (least !== undefined) return;
    assert.strictEqual(await codeOf(() => parse(concat(message, new Uint8Array(4)))), 'message-malformed');
  });
}

function bytes(length: number): fc.Arbitrary<Uint8Array> {
  return fc.uint8Array({ minLength: length, maxLength: length });
}

function names(...all: readonly string[]): fc.Arbitrary<string[]> {
  return fc.array(fc.constantFrom(...all), { maxLength: 7 });
}
