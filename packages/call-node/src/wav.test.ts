import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeOf } from '@sotto/testing';
import fc from 'fast-check';
import { assert, describe, test } from 'vitest';
import { strength } from './call.fixture.ts';
import { encodeWav, parseWav } from './wav.ts';
import { playWav, recordWav } from './wav-file.ts';

describe('WAV files', () => {
  test('what was written is read', () => {
    fc.assert(
      fc.property(fc.int16Array({ maxLength: 400 }), (samples) => {
        assert.deepEqual(parseWav(encodeWav(samples)), Int16Array.from(samples));
      }),
    );
  });

  test('cut anywhere, or with a byte too many, they are refused or shorter, never longer', async () => {
    const file = encodeWav(tone(440, 48_000, 40));
    for (let end = 0; end < file.length; end++)
      assert.strictEqual(await codeOf(() => parseWav(file.subarray(0, end))), 'wav-malformed', `cut at ${end}`);
    assert.strictEqual(await codeOf(() => parseWav(Uint8Array.of(...file, 0))), 'wav-malformed');
  });

  test.each([
    ['8-bit', 34, 8],
    ['of three channels', 22, 3],
    ['of floating point', 20, 3],
    ['of 100 Hz', 24, 100],
  ])('those %s are not understood', async (_, at, value) => {
    const file = encodeWav(tone(440, 48_000, 60));
    new DataView(file.buffer).setUint16(at, value, true);
    assert.strictEqual(await codeOf(() => parseWav(file)), 'wav-unsupported');
  });

  test.each([8000, 16_000, 44_100, 96_000])('a tone at %i Hz is the same tone at 48 kHz', (rate) => {
    const file = encodeWav(tone(1000, rate, rate));
    new DataView(file.buffer).setUint32(24, rate, true);
    const samples = parseWav(file);
    assert.strictEqual(samples.length, 48_000);
    assert.isAbove(strength(samples.subarray(4800, 43_200), 1000), 0.99);
  });

  test('a recording is for its owner alone, replaces nothing, and can be played', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sotto-wav-'));
    try {
      const path = join(folder, 'heard.wav');
      const sink = await recordWav(path);
      for (let i = 0; i < 60; i++) sink.write(tone(440, 48_000, 960));
      await sink.close();
      assert.strictEqual((await stat(path)).mode & 0o777, 0o600);
      assert.strictEqual(parseWav(await readFile(path)).length, 60 * 960);
      const source = await playWav(path);
      assert.isAbove(strength(source.read(48_000), 440), 0.99);
      assert.isTrue(
        source
          .read(96_000)
          .subarray(9600)
          .every((sample) => sample === 0),
      );
      assert.strictEqual(await recordWav(path).catch((cause) => cause.code), 'EEXIST');
      await writeFile(path, 'RIFF');
      assert.strictEqual(await codeOf(() => playWav(path)), 'wav-malformed');
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});

function tone(hertz: number, rate: number, count: number): Int16Array {
  return Int16Array.from({ length: count }, (_, i) => Math.round(9000 * Math.sin((2 * Math.PI * hertz * i) / rate)));
}
