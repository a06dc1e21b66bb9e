import { concat, type Fault } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import type { Format } from '../format.ts';
import { alpha } from './channel.fixture.ts';
import { refusalCodes } from './fault.ts';
import {
  accountAnswer,
  accountConfirm,
  anonymousAnswer,
  authenticate,
  clientHello,
  deviceAnswer,
  parseMessage,
  refusal,
  serverHello,
} from './messages.ts';

const bytes = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });
const certificate = fc.uint8Array({ minLength: 1, maxLength: 40 });
const uint = fc.maxSafeNat();

const messages: Record<string, { readonly format: Format<never>; readonly arbitrary: fc.Arbitrary<object> }> = {
  'ClientHello with p-384': entry(clientHello, {
    v: fc.constant(1),
    nonce: bytes(32),
    kem: fc.constant('p-384'),
    key: bytes(97),
  }),
  'ClientHello with x-wing': entry(clientHello, {
    v: fc.constant(1),
    nonce: bytes(32),
    kem: fc.constant('x-wing'),
    key: bytes(1216),
  }),
  ServerHello: entry(serverHello, {
    v: fc.constant(1),
    nonce: bytes(32),
    ciphertext: fc.oneof(bytes(97), bytes(1120)),
    certificates: fc.tuple(certificate, certificate),
    signature: bytes(64),
  }),
  'Authenticate, anonymous': entry(authenticate, { mode: fc.constant('anonymous') }),
  'Authenticate, device': entry(authenticate, { mode: fc.constant('device'), account: bytes(32), device: bytes(32) }),
  'Authenticate, account': entry(authenticate, {
    mode: fc.constant('account'),
    address: fc.constant(alpha),
    ke1: bytes(96),
    exemption: fc.option(bytes(32)),
    altcha: fc.option(fc.string({ maxLength: 20 })),
  }),
  'Answer, anonymous': entry(anonymousAnswer, { mode: fc.constant('anonymous') }),
  'Answer, device': entry(deviceAnswer, { mode: fc.constant('device'), sealed: fc.uint8Array({ maxLength: 50 }) }),
  'Answer, account': entry(accountAnswer, {
    mode: fc.constant('account'),
    parameters: fc.record({ memoryKib: uint, passes: uint, parallelism: uint }, { noNullPrototype: true }),
    ke2: bytes(320),
  }),
  Confirm: entry(accountConfirm, { mode: fc.constant('account'), ke3: bytes(64) }),
  Refusal: entry(refusal, {
    error: fc.constantFrom(...refusalCodes),
    retryAfterSeconds: fc.option(uint),
    challenge: fc.oneof(fc.constant(null), fc.constant({ salt: 'a', number: 5 })),
  }),
};

for (const [name, { format, arbitrary }] of Object.entries(messages)) {
  describe(name, () => {
    test('reads back', () => {
      fc.assert(
        fc.property(arbitrary, (message) => {
          assert.deepEqual(parseMessage(format, format.encode(message as never)) as object, message);
        }),
        { numRuns: 30 },
      );
    });

    test('is refused when it is cut anywhere, grown, or has another or a missing key', () => {
      const [message] = fc.sample(arbitrary, { numRuns: 1, seed: 1 }) as [Record<string, never>];
      const encoded = format.encode(message as never);
      for (let length = 0; length < encoded.length; length++) {
        assert.strictEqual(refusalOf(format, encoded.slice(0, length)), 'frame-malformed', `length ${length}`);
      }
      assert.strictEqual(refusalOf(format, concat(encoded, Uint8Array.of(0))), 'frame-malformed');
      assert.strictEqual(refusalOf(format, format.encode({ ...message, other: 1 } as never)), 'frame-malformed');
      for (const key of Object.keys(message)) {
        const { [key]: _, ...rest } = message;
        assert.strictEqual(refusalOf(format, format.encode(rest as never)), 'frame-malformed', `without ${key}`);
      }
    });

    test('is refused when a byte string has another length', () => {
      const [message] = fc.sample(arbitrary, { numRuns: 1, seed: 2 }) as [Record<string, unknown>];
      const fixed = Object.entries(message).filter(
        ([key, value]) => value instanceof Uint8Array && key !== 'sealed',
      ) as [string, Uint8Array][];
      for (const [key, value] of fixed) {
        for (const other of [value.slice(1), concat(value, Uint8Array.of(0))]) {
          const altered = format.encode({ ...message, [key]: other } as never);
          assert.strictEqual(refusalOf(format, altered), 'frame-malformed', key);
        }
      }
    });
  });
}

test('another version, KEM, mode or address is refused', () => {
  const nonce = new Uint8Array(32);
  const key = new Uint8Array(97);
  const others: [Format<never>, object][] = [
    [clientHello as Format<never>, { v: 2, nonce, kem: 'p-384', key }],
    [clientHello as Format<never>, { v: 1, nonce, kem: 'p-521', key }],
    [clientHello as Format<never>, { v: 1, nonce, kem: 'x-wing', key }],
    [authenticate as Format<never>, { mode: 'owner' }],
    [
      authenticate as Format<never>,
      { mode: 'account', address: 'Alpha@example.org', ke1: new Uint8Array(96), exemption: null, altcha: null },
    ],
    [refusal as Format<never>, { error: 'because', retryAfterSeconds: null, challenge: null }],
  ];
  for (const [format, message] of others) {
    assert.strictEqual(refusalOf(format, format.encode(message as never)), 'frame-malformed');
  }
});

function entry(format: Format<never> | Format<object>, fields: Record<string, fc.Arbitrary<unknown>>) {
  return { format: format as Format<never>, arbitrary: fc.record(fields, { noNullPrototype: true }) };
}

function refusalOf(format: Format<never>, encoded: Uint8Array): string {
  try {
    parseMessage(format, encoded);
  } catch (fault) {
    return (fault as Fault).code;
  }
  return 'none';
}
