import { type City, codeOf, startCity } from '@sotto/testing';
import { afterAll, assert, beforeAll, describe, test } from 'vitest';
import { updated } from '../talk.fixture.ts';
import { MemorySource, MemoryTarget } from './files.fixture.ts';
import { recording } from './voice.fixture.ts';
import { describeVoice } from './voice.ts';

let city: City;
beforeAll(async () => {
  city = await startCity();
});
afterAll(() => city[Symbol.asyncDispose]());

/** A minute: 3,000 packets, loud in the middle, about 90 KB. */
const minute = Array.from({ length: 3000 }, (_, i) => (i >= 1000 && i < 2000 ? 60 : 15));

describe('a recording', () => {
  test('is measured and drawn without decoding', () => {
    const { durationMilliseconds, waveform } = describeVoice(recording(minute));
    assert.strictEqual(durationMilliseconds, 60_000);
    assert.strictEqual(waveform.length, 64);
    assert.deepEqual([waveform[2], waveform[32], waveform[60]], [64, 255, 64]);
  });

  test('may have packets longer than a segment, and very few', () => {
    assert.deepEqual(describeVoice(recording([255, 600, 510])), {
      durationMilliseconds: 60,
      waveform: Uint8Array.of(108, 255, 217),
    });
  });

  test('that is cut, altered or something else is refused', async () => {
    const whole = recording([40, 40, 40]);
    const cases: Uint8Array[] = [
      new Uint8Array(),
      new TextEncoder().encode('RIFF....WAVEfmt '.repeat(4)),
      recording([]),
      whole.map((byte, i) => (i === 30 ? byte ^ 1 : byte)),
      Uint8Array.from([...whole, 0]),
    ];
    for (let length = 1; length < whole.length; length++) cases.push(whole.subarray(0, length));
    for (const bytes of cases) assert.strictEqual(await codeOf(() => describeVoice(bytes)), 'voice-malformed');
  });
});

test('a voice note of a minute arrives with its length and shape before it is fetched', async () => {
  const alice = await city.join('alice');
  const bob = await city.join('bob');
  await city.befriend(alice, bob);
  const room = (await alice.box.directRoom(bob.address)).id;
  const bytes = recording(minute);
  const voice = describeVoice(bytes);
  const source = new MemorySource(bytes, '/somewhere/note.ogg');
  const { id } = await alice.box.files.send(room, source, { name: 'note.ogg', mediaType: 'audio/ogg', voice });
  await updated(bob);
  const shown = (await bob.box.listMessages(room)).find((message) => message.id === id)?.file?.voice;
  assert.deepEqual(shown, { durationMilliseconds: 60_000, waveform: [...voice.waveform] });
  const target = new MemoryTarget('/elsewhere/note.ogg');
  await bob.box.files.get(room, id, { target });
  assert.deepEqual(target.final, bytes);
});
