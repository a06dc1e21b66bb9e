import type { KeyLogEntry } from '@sotto/protocol';
import { assert, test } from 'vitest';
import { keyLogText } from './key-log-words.ts';

const room = '5b'.repeat(32);
const who = 'alice@a.example';

test.each<[KeyLogEntry, string]>([
  [{ event: 'device/added', who, device: 'phone', type: 'keybox' }, `${who} has a new keybox device, phone`],
  [{ event: 'refused/room', room, reason: 'two heads' }, `room ${room} is not read on: two heads`],
  [
    { event: 'refused/content', room, n: null, content: 'edit' },
    `room ${room}: position queued holds an edit of a message of somebody else; it changes nothing`,
  ],
  [
    { event: 'head/room-restored', room, lost: 3, given: 2 },
    `room ${room}: the server was restored from a backup and lacked 3 entries; 2 could be given back from here`,
  ],
  [
    { event: 'log/split', who, here: 4, there: 3 },
    `the server showed ${who} another transparency log of 3 epochs than the one of 4 here`,
  ],
])('an entry of the key log is told as a sentence: $event', (entry, sentence) => {
  const [kind] = entry.event.split('/') as [never];
  assert.strictEqual(keyLogText({ at: 0, kind, entry, code: null }), sentence);
});
