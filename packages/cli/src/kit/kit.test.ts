import encodeQR from 'qr';
import decodeQR from 'qr/decode.js';
import { assert, describe, test } from 'vitest';
import { kitFile } from './file.ts';
import type { RecoveryKit } from './recovery-kit.ts';

const kit: RecoveryKit = {
  address: 'ann@example.org',
  fingerprint: 'ab'.repeat(32),
  server: 'https://home.example.org',
  caFingerprint: 'cd'.repeat(32),
  recoveryKey: '20MA-2M6B-3D04-GH8D-3M8J-6HB3-TWH2-19QC',
  madeAt: 1_800_000_000_000,
};
const text = (path: string): string => new TextDecoder().decode(kitFile(path, kit));
const printed = [kit.address, kit.recoveryKey, kit.server, 'abababab abababab', 'cdcdcdcd', '2027-01-15'];

describe('a recovery kit', () => {
  test.each(['kit.txt', 'kit', 'kit.svg', 'kit.pdf'])('%s says everything that getting back takes', (path) => {
    for (const each of printed) assert.include(text(path), each);
  });

  test('the PDF says truly where its objects lie', () => {
    const file = text('kit.pdf');
    const [, start = ''] = /startxref\n([0-9]+)\n%%EOF\n$/.exec(file) ?? [];
    assert.strictEqual(file.slice(Number(start), Number(start) + 5), 'xref\n');
    const offsets = [...file.matchAll(/^([0-9]{10}) 00000 n $/gm)].map(([, offset]) => Number(offset));
    assert.lengthOf(offsets, 6);
    for (const [i, offset] of offsets.entries()) assert.match(file.slice(offset), new RegExp(`^${i + 1} 0 obj\n`));
    const stream = /\/Length ([0-9]+) >>\nstream\n([\s\S]*)\nendstream/.exec(file);
    assert.strictEqual(Number(stream?.[1]), stream?.[2]?.length);
    assert.notMatch(file, /[^\n\x20-\x7e]/);
  });

  test('its squares are those of the QR code, and that reads as the key', () => {
    const rows = encodeQR(kit.recoveryKey, 'raw', { scale: 4, border: 4 });
    const data = Uint8ClampedArray.from(
      rows.flat().flatMap((dark) => [dark ? 0 : 255, dark ? 0 : 255, dark ? 0 : 255, 255]),
    );
    assert.strictEqual(decodeQR({ width: rows.length, height: rows.length, data }), kit.recoveryKey);
    const dark = encodeQR(kit.recoveryKey, 'raw').flat().filter(Boolean).length;
    assert.lengthOf([...text('kit.pdf').matchAll(/ re f$/gm)], dark);
    assert.lengthOf([...text('kit.svg').matchAll(/M[0-9.]+ [0-9.]+h/g)], dark);
  });
});
