import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, test } from 'vitest';
import { formatInvitation, parseInvitation } from './invitation.ts';

const CODE = '0123456789ABCDEFGHJKMNPQRS';
const CA = 'ab'.repeat(32);

test('a link says where, what and whom to trust', () => {
  const link = parseInvitation(`https://home.example.org:8443/i/${CODE}#ca=${CA}`);
  assert.deepEqual(link, {
    origin: 'https://home.example.org:8443',
    code: CODE,
    caFingerprint: new Uint8Array(32).fill(0xab),
  });
});

test('links come back', () => {
  const origins = fc.constantFrom(
    'https://example.org',
    'https://a-b.example:1',
    'http://127.0.0.1:8080',
    'http://localhost',
    'http://[::1]:65535',
    'https://[2001:db8::1]',
  );
  const codes = fc.string({
    unit: fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'),
    minLength: 26,
    maxLength: 26,
  });
  const fingerprints = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => Uint8Array.from(bytes));
  fc.assert(
    fc.property(origins, codes, fingerprints, (origin, code, caFingerprint) => {
      const link = { origin, code, caFingerprint };
      assert.deepEqual(parseInvitation(formatInvitation(link)), link);
      assert.deepEqual(parseInvitation(` ${formatInvitation({ ...link, code: code.toLowerCase() })}\n`), link);
    }),
  );
});

test.each([
  '',
  'https://example.org',
  `https://example.org/i/${CODE}`,
  `https://example.org/i/${CODE}?ca=${CA}`,
  `https://example.org/i/${CODE}#ca=${CA.slice(2)}`,
  `https://example.org/i/${CODE}#ca=${CA.toUpperCase()}`,
  `https://example.org/i/${CODE}#ca=${CA}&x=1`,
  `https://example.org/i/${CODE.slice(1)}#ca=${CA}`,
  `https://example.org/i/${CODE.replace('0', 'O')}#ca=${CA}`,
  `https://example.org/i/${CODE}/#ca=${CA}`,
  `https://user@example.org/i/${CODE}#ca=${CA}`,
  `https://example.org:0/i/${CODE}#ca=${CA}`,
  `https://example.org:65536/i/${CODE}#ca=${CA}`,
  `https://Example.org/i/${CODE}#ca=${CA}`,
  `ftp://example.org/i/${CODE}#ca=${CA}`,
  `http://example.org/i/${CODE}#ca=${CA}`,
  `http://127.0.0.1.example.org/i/${CODE}#ca=${CA}`,
  `http://localhost.example.org/i/${CODE}#ca=${CA}`,
  `http://[::2]/i/${CODE}#ca=${CA}`,
])('%j is none', async (text) => {
  assert.strictEqual(await codeOf(() => parseInvitation(text)), 'invitation-malformed');
});
