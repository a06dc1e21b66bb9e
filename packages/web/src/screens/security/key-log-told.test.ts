import { assert, describe, test } from 'vitest';
import { keyLogSentences } from './key-log-sentences.ts';
import { sentenceOf, toldIn } from './key-log-told.ts';

describe('entries of the key log', () => {
  test.each([
    [
      `alice@a.example is a contact now; fingerprint ${'0a'.repeat(32)} is pinned`,
      'alice@a.example ist jetzt ein Kontakt. Andere Schlüssel werden von nun an abgewiesen.',
    ],
    ['alice@a.example has a new keybox device, phone', 'alice@a.example hat ein neues Gerät: phone.'],
    [
      'revoked the device old phone and made a new user key',
      'Sie haben das Gerät old phone ausgesperrt, und das Konto hat neue Schlüssel.',
    ],
    [
      `room ${'5b'.repeat(32)}: position 7, by alice@a.example, does not open`,
      'Was alice@a.example an Stelle 7 des Protokolls schrieb, lässt sich nicht öffnen.',
    ],
    [
      `the keys of room ${'5b'.repeat(32)} were given to b@a.example`,
      'Die Schlüssel des Raums gingen an b@a.example, neu im Raum.',
    ],
  ])('%s', (kept, german) => {
    assert.strictEqual(sentenceOf(toldIn(kept), keyLogSentences.de), german);
    assert.include(sentenceOf(toldIn(kept), keyLogSentences.en), german.includes('phone') ? 'phone' : 'a.example');
  });

  test('that have no sentence are told as they were kept, and of which room', () => {
    const told = toldIn(`room ${'5b'.repeat(32)}: something new`);
    assert.deepEqual(told, { room: '5b'.repeat(32), sentence: null, slots: [], kept: 'something new' });
    assert.strictEqual(sentenceOf(told, keyLogSentences.de), 'something new');
  });
});
