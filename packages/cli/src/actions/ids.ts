import type { KeyBox } from '@sotto/keybox';
import { CliFault } from '../fault.ts';

/** The whole id of a message from 8 or more of its first digits. Throws `usage`, `not-found`, `ambiguous`. */
export async function messageIdOf(box: KeyBox, room: string, word: string): Promise<string> {
  return wholeId(word, async () => (await box.listMessages(room)).map(({ id }) => id));
}

/** The whole id of something in the outbox. */
export async function outboxIdOf(box: KeyBox, word: string): Promise<string> {
  return wholeId(word, async () => (await box.listOutbox()).map(({ id }) => id));
}

/** The whole id of a transfer. */
export async function transferIdOf(box: KeyBox, word: string): Promise<string> {
  return wholeId(word, async () => (await box.files.transfers()).map(({ id }) => id));
}

async function wholeId(word: string, list: () => Promise<readonly string[]>): Promise<string> {
  const digits = word.toLowerCase();
  if (!/^[0-9a-f]{8,32}$/.test(digits))
    throw new CliFault('usage', 'an id has 32 hexadecimal digits, or the first 8 or more');
  if (digits.length === 32) return digits;
  const [found, ...more] = (await list()).filter((id) => id.startsWith(digits));
  if (found === undefined) throw new CliFault('not-found', `no id begins with ${digits}`);
  if (more.length > 0) throw new CliFault('ambiguous', `${more.length + 1} ids begin with ${digits}`);
  return found;
}
