import { isIP } from 'node:net';
import { hex } from '@sotto/bytes';
import fc from 'fast-check';
import { assert, test } from 'vitest';
import { encodeCandidates, usableCandidates } from './candidates.ts';
import { formatIpAddress, parseIpAddress } from './ip-address.ts';

test('addresses are what node takes for addresses, and the same again', () => {
  fc.assert(
    fc.property(fc.oneof(fc.ipV4(), fc.ipV6(), fc.string()), (text) => {
      const parsed = parseIpAddress(text);
      // Addresses with an IPv4 one in them, or a zone, are written otherwise here.
      if (text.includes('.') && text.includes(':')) assert.isNull(parsed);
      else assert.strictEqual(parsed !== null, isIP(text.includes('%') ? '' : text) !== 0, text);
      if (parsed === null) return;
      assert.strictEqual(isIP(formatIpAddress(parsed)), parsed.length === 4 ? 4 : 6);
      assert.strictEqual(hex(parseIpAddress(formatIpAddress(parsed)) ?? new Uint8Array()), hex(parsed));
    }),
  );
});

test.each([
  ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
  ['0:0:0:0:0:0:0:0', '::'],
  ['1:0:0:0:0:0:0:0', '1::'],
  ['1:2:0:4:5:6:7:8', '1:2:0:4:5:6:7:8'],
])('%s is written as %s (RFC 5952)', (text, short) => {
  assert.strictEqual(formatIpAddress(parseIpAddress(text) as Uint8Array), short);
});

test.each([
  '1.2.3',
  '1.2.3.4.5',
  '01.2.3.4',
  '1.2.3.256',
  '1::2::3',
  '1:2:3:4:5:6:7:8:9',
  ':1',
  '',
  '::1%eth0',
  '::/0',
])('%s is no address', (text) => assert.isNull(parseIpAddress(text)));

test('addresses of the world are tried by everybody, those of a house by whoever lives in one', () => {
  const [world, six] = [
    { address: '9.9.9.9', port: 4000 },
    { address: '2a00:1450::1', port: 4001 },
  ];
  const [house, own] = [
    { address: '192.168.1.2', port: 4002 },
    { address: 'fd00::1', port: 4003 },
  ];
  const theirs = encodeCandidates([world, six, house, own]);
  assert.deepEqual(usableCandidates(theirs, []), [world, six]);
  assert.deepEqual(usableCandidates(theirs, encodeCandidates([{ address: '10.1.1.1', port: 5000 }])), [
    world,
    six,
    house,
    own,
  ]);
});
