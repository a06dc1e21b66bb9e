import type { KeyLogEntry } from '@sotto/protocol';
import { assert, describe, test } from 'vitest';
import { keyLogSentences, roomOf, sentenceOf } from './key-log-sentences.ts';

const room = '5b'.repeat(32);
const who = 'alice@a.example';

describe('entries of the key log', () => {
  test.each<[KeyLogEntry, string, string]>([
    [
      { event: 'contact/mutual', who, fingerprint: '0a'.repeat(32) },
      'alice@a.example is a contact now. Other keys are refused from here on.',
      'alice@a.example ist jetzt ein Kontakt. Andere Schlüssel werden von nun an abgewiesen.',
    ],
    [
      { event: 'device/added', who, device: 'was verified', type: 'keybox' },
      'alice@a.example has a new device: was verified.',
      'alice@a.example hat ein neues Gerät: was verified.',
    ],
    [
      { event: 'refused/shut', room, n: 7, who },
      'What alice@a.example wrote at place 7 of the log does not open.',
      'Was alice@a.example an Stelle 7 des Protokolls schrieb, lässt sich nicht öffnen.',
    ],
    [
      { event: 'refused/content', room, n: 7, content: 'edit' },
      'An edit of somebody else’s message, at place 7 of the log, was refused and changes nothing.',
      'Eine Änderung an der Nachricht von jemand anderem an Stelle 7 des Protokolls wurde abgewiesen und ändert nichts.',
    ],
    [
      { event: 'refused/content', room, n: null, content: 'deletion' },
      'A deletion of somebody else’s message was refused and changes nothing.',
      'Eine Löschung der Nachricht von jemand anderem wurde abgewiesen und ändert nichts.',
    ],
  ])('are told in both languages: $event', (entry, english, german) => {
    assert.strictEqual(sentenceOf(entry, keyLogSentences.en), english);
    assert.strictEqual(sentenceOf(entry, keyLogSentences.de), german);
  });

  test('are about the room that they name, and about none otherwise', () => {
    assert.strictEqual(roomOf({ event: 'gap/missing', room, n: 3 }), room);
    assert.strictEqual(roomOf({ event: 'head/contradiction', subject: 'room', id: room, reason: '' }), room);
    assert.isNull(roomOf({ event: 'head/contradiction', subject: 'chain', id: room, reason: '' }));
    assert.isNull(roomOf({ event: 'log/anew' }));
  });
});
