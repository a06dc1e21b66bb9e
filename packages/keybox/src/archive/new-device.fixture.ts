import { parseHex } from '@sotto/bytes';
import type { Person } from '@sotto/testing';
import { KeyBox } from '../keybox.ts';
import type { ArchiveLimits } from './limits.ts';

/** Portions so small that a room of a few dozen entries is a long one. */
const smallLimits: ArchiveLimits = { direct: 8, window: 6, first: 3, page: 7 };

/** The person's account on a device that knows nothing of the room yet. */
export async function newDevice(person: Person, room: string): Promise<KeyBox> {
  const { keys, history } = person.session;
  const id = parseHex(room);
  const tables = ['log', 'era_secret', 'outbox', 'sent', 'inbox', 'unopened', 'ahead', 'skeleton'];
  await keys.apply([
    ...tables.map((table) => ({ sql: `DELETE FROM ${table} WHERE room = ?`, parameters: [id] })),
    { sql: 'DELETE FROM room WHERE id = ?', parameters: [id] },
    { sql: 'DELETE FROM head WHERE id = ?', parameters: [id] },
  ]);
  const shown = ['message', 'reaction', 'receipt', 'room_name'];
  await history.apply(shown.map((table) => ({ sql: `DELETE FROM ${table} WHERE room = ?`, parameters: [id] })));
  return reopened(person);
}

/** The program starts again. */
export function reopened({ session }: Person): KeyBox {
  return new KeyBox(session, { limits: smallLimits });
}
