import { equal } from '@sotto/bytes';
import type { BodyContent } from '@sotto/protocol';
import type { SqlStatement } from '../ports.ts';
import type { Session } from '../session.ts';
import type { Projected } from './history.ts';

/** Whether both marks lie below the receipt and name our log: nobody acknowledges what they cannot have seen. */
export async function isOnLog(
  { keys }: Session,
  { room, parsed }: Projected,
  content: BodyContent<'receipt'>,
): Promise<boolean> {
  const { n } = parsed;
  if (n === null) return true;
  for (const { length, hash } of content.read === null ? [content.delivered] : [content.delivered, content.read]) {
    const [line] = await keys.query<{ hash: Uint8Array }>('SELECT hash FROM log WHERE room = ? AND n = ?', [
      room,
      length - 1,
    ]);
    if (length > n || line === undefined || !equal(line.hash, hash)) return false;
  }
  return true;
}

/** Marks never fall. A receipt of somebody else changes the state of those of our own messages that it newly covers. */
export function receiptStatements(
  { identity }: Session,
  { room, parsed, change }: Projected,
  content: BodyContent<'receipt'>,
): readonly SqlStatement[] {
  const reader = parsed.author;
  const read = content.read?.length ?? 0;
  const delivered = Math.max(content.delivered.length, read);
  const keep = markStatement(room, reader, { delivered, read });
  if (equal(reader, identity.fingerprint)) return [keep];
  const touched = {
    sql: `UPDATE message SET position = ?, news = max(news, ?) WHERE room = ? AND author = ? AND (
      (n < ? AND n >= coalesce((SELECT delivered FROM receipt WHERE room = message.room AND author = ?), 0)) OR
      (n < ? AND n >= coalesce((SELECT read FROM receipt WHERE room = message.room AND author = ?), 0)))`,
    parameters: [change, parsed.isNews ? 1 : 0, room, identity.fingerprint, delivered, reader, read, reader],
  };
  return [touched, keep];
}

/** How far another device of ours says that we have read. */
export function readMark({ identity }: Session, { room, upTo }: BodyContent<'read'>): SqlStatement {
  return markStatement(room, identity.fingerprint, { delivered: upTo.length, read: upTo.length });
}

/** That the room exists, and what it was up to there: the server is held to it. */
export function roomMark({ room, upTo }: BodyContent<'read'>): SqlStatement {
  return {
    sql: `INSERT INTO room_mark (room, length, hash) VALUES (?, ?, ?)
      ON CONFLICT (room) DO UPDATE SET length = excluded.length, hash = excluded.hash WHERE excluded.length > room_mark.length`,
    parameters: [room, upTo.length, upTo.hash],
  };
}

function markStatement(
  room: Uint8Array,
  reader: Uint8Array,
  { delivered, read }: { readonly delivered: number; readonly read: number },
): SqlStatement {
  return {
    sql: `INSERT INTO receipt (room, author, delivered, read) VALUES (?, ?, ?, ?)
      ON CONFLICT (room, author) DO UPDATE SET delivered = max(receipt.delivered, excluded.delivered), read = max(receipt.read, excluded.read)`,
    parameters: [room, reader, delivered, read],
  };
}
