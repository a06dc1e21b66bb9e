import fc from 'fast-check';
import { assert, test } from 'vitest';
import { PkiWireFault } from './fault.ts';
import { encodePem, parsePem } from './pem.ts';

test('round trip, alone and among others', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 200 }), (der) => {
      const pem = encodePem('CMS', der);
      assert.deepEqual(parsePem('CMS', pem), [Uint8Array.from(der)]);
      assert.deepEqual(parsePem('CMS', `text\n${pem}more\r\n${pem}`.replaceAll('\n', '\r\n')).length, 2);
    }),
  );
});

test.each([
  ['nothing', ''],
  ['another label', '-----BEGIN CMS-----\nAAAA\n-----END CMS-----\n'],
  ['two labels', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CMS-----\n'],
  ['no end', '-----BEGIN CERTIFICATE-----\nAAAA\n'],
  ['one of two whole', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n-----BEGIN CERTIFICATE-----\n'],
  ['bits in the padding', '-----BEGIN CERTIFICATE-----\nAAB=\n-----END CERTIFICATE-----\n'],
  ['a broken group', '-----BEGIN CERTIFICATE-----\nAAA\n-----END CERTIFICATE-----\n'],
])('%s is refused', (_, text) => {
  assert.throws(() => parsePem('CERTIFICATE', text), PkiWireFault);
});
