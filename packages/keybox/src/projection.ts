import { equal, hex } from '@sotto/bytes';
import { type Body, type BodyContent, isAdmin } from '@sotto/protocol';
import { type InboxItem, parseInbox } from './inbox.ts';
import { keyLogEntry } from './key-log.ts';
import { readCounter, writeCounter } from './meta.ts';
import type { SqlStatement } from './ports.ts';
import type { Session } from './session.ts';

/**
 * Brings `history` and `contacts` up to the inbox of `keys`. Each item is applied in one transaction together with the
 * cursor of its part, so that a crash in between repeats nothing and loses nothing.
 */
export async function project(session: Session): Promise<void> {
  for (;;) {
    const rows = await session.keys.query<InboxRow>(
      'SELECT position, room, item FROM inbox ORDER BY position LIMIT 200',
    );
    if (rows.length === 0) return;
    for (const row of rows) await projectRow(session, row);
    const last = (rows.at(-1) as InboxRow).position;
    await session.keys.apply([{ sql: 'DELETE FROM inbox WHERE position <= ?', parameters: [last] }]);
  }
}

interface InboxRow {
  readonly position: number;
  readonly room: Uint8Array;
  readonly item: Uint8Array;
}

async function projectRow(session: Session, row: InboxRow): Promise<void> {
  const item = parseInbox(row.item);
  if ((await readCounter(session.history, CURSOR)) < row.position) {
    const change = await readCounter(session.history, CHANGES);
    const statements = await historyStatements(session, { ...row, parsed: item, change: change + 1 });
    await session.history.apply([...statements, writeCounter(CHANGES, change + 1), writeCounter(CURSOR, row.position)]);
  }
  if (item.body?.kind !== 'pin' || (await readCounter(session.contacts, CURSOR)) >= row.position) return;
  await session.contacts.apply([pinStatement(item.body.content), writeCounter(CURSOR, row.position)]);
}

interface Projected extends InboxRow {
  readonly parsed: InboxItem;
  /** Number of this change, by which watchers find it. */
  readonly change: number;
}

async function historyStatements(session: Session, row: Projected): Promise<readonly SqlStatement[]> {
  const { parsed } = row;
  if (parsed.body === null) return parsed.class === 'content' ? [undecryptable(row)] : [];
  const { body } = parsed;
  switch (body.kind) {
    case 'message':
      return messageStatements(row, body);
    case 'edit':
    case 'delete':
      return changeStatements(session, row, body);
    case 'reaction':
      return [
        {
          sql: 'INSERT OR IGNORE INTO reaction (room, id, author, text) VALUES (?, ?, ?, ?)',
          parameters: [row.room, body.content.target, parsed.author, body.content.text],
        },
        touch(row, body.content.target),
      ];
    case 'receipt':
      return receiptStatements(session, row, body.content);
    case 'room':
      return isAdmin(parsed.role)
        ? [nameStatement(row, body.content)]
        : refuse(session, row, 'a room name by somebody who is no admin');
    case 'pin':
    case 'read':
    case 'key':
    case 'policy-key':
      return [];
    default:
      return [];
  }
}

/** The first record of an id in the log is the message; a later one of the same id by anybody changes nothing. */
function messageStatements(
  { room, parsed, change }: Projected,
  body: Body & { kind: 'message' },
): readonly SqlStatement[] {
  const { n, author, device } = parsed;
  return [
    {
      sql: `INSERT INTO message (room, id, n, author, device, at, text, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (room, id) DO UPDATE SET n = coalesce(message.n, excluded.n), position = excluded.position
        WHERE message.author = excluded.author AND message.n IS NULL`,
      parameters: [room, body.id, n, author, device, body.at, body.content.text, change],
    },
  ];
}

async function changeStatements(
  session: Session,
  row: Projected,
  body: Body & { kind: 'edit' | 'delete' },
): Promise<readonly SqlStatement[]> {
  const { room, parsed, change } = row;
  const [target] = await session.history.query<{ author: Uint8Array }>(
    'SELECT author FROM message WHERE room = ? AND id = ?',
    [room, body.content.target],
  );
  if (target === undefined) return refuse(session, row, 'a change of a message that is not there');
  const own = equal(target.author, parsed.author);
  if (body.kind === 'edit') {
    if (!own) return refuse(session, row, 'an edit of a message of somebody else');
    const sql = 'UPDATE message SET text = ?, edited = 1, position = ? WHERE room = ? AND id = ? AND deleted = 0';
    return [{ sql, parameters: [body.content.text, change, room, body.content.target] }];
  }
  if (!own && !isAdmin(parsed.role)) return refuse(session, row, 'a deletion of a message of somebody else');
  return [
    {
      sql: "UPDATE message SET text = '', deleted = 1, code = NULL, position = ? WHERE room = ? AND id = ?",
      parameters: [change, room, body.content.target],
    },
    { sql: 'DELETE FROM reaction WHERE room = ? AND id = ?', parameters: [room, body.content.target] },
  ];
}

/** Marks never fall. A receipt of somebody else changes the state of those of our own messages that it newly covers. */
function receiptStatements(
  { identity }: Session,
  { room, parsed, change }: Projected,
  content: BodyContent<'receipt'>,
): readonly SqlStatement[] {
  const reader = parsed.author;
  const read = content.read?.length ?? 0;
  const delivered = Math.max(content.delivered.length, read);
  const keep = {
    sql: `INSERT INTO receipt (room, author, delivered, read) VALUES (?, ?, ?, ?)
      ON CONFLICT (room, author) DO UPDATE SET delivered = max(receipt.delivered, excluded.delivered), read = max(receipt.read, excluded.read)`,
    parameters: [room, reader, delivered, read],
  };
  if (equal(reader, identity.fingerprint)) return [keep];
  const touched = {
    sql: `UPDATE message SET position = ? WHERE room = ? AND author = ? AND (
      (n < ? AND n >= coalesce((SELECT delivered FROM receipt WHERE room = message.room AND author = ?), 0)) OR
      (n < ? AND n >= coalesce((SELECT read FROM receipt WHERE room = message.room AND author = ?), 0)))`,
    parameters: [change, room, identity.fingerprint, delivered, reader, read, reader],
  };
  return [touched, keep];
}

function nameStatement({ room, parsed }: Projected, { name, topic }: BodyContent<'room'>): SqlStatement {
  const n = parsed.n ?? Number.MAX_SAFE_INTEGER;
  return {
    sql: `INSERT INTO room_name (room, name, topic, n) VALUES (?, ?, ?, ?)
      ON CONFLICT (room) DO UPDATE SET name = excluded.name, topic = excluded.topic, n = excluded.n
      WHERE excluded.n >= room_name.n OR room_name.n = ${Number.MAX_SAFE_INTEGER}`,
    parameters: [room, name, topic, n],
  };
}

/** A record that does not open is shown as such, with the reason: never a silent gap. */
function undecryptable({ room, parsed, change }: Projected): SqlStatement {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setBigUint64(8, BigInt(parsed.n ?? 0));
  return {
    sql: `INSERT OR IGNORE INTO message (room, id, n, author, device, at, text, code, deleted, position) VALUES (?, ?, ?, ?, ?, 0, '', ?, ?, ?)`,
    parameters: [
      room,
      id,
      parsed.n,
      parsed.author,
      parsed.device,
      parsed.code,
      parsed.code === 'dropped' ? 1 : 0,
      change,
    ],
  };
}

function pinStatement(content: BodyContent<'pin'>): SqlStatement {
  const { address, fingerprint, chain, verified, blocked, note } = content;
  return {
    sql: `INSERT INTO contact (address, fingerprint, chain_length, chain_hash, state, verified, note) VALUES (?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (address) DO UPDATE SET fingerprint = excluded.fingerprint, chain_length = excluded.chain_length,
      chain_hash = excluded.chain_hash, verified = excluded.verified, note = excluded.note`,
    parameters: [
      address,
      fingerprint,
      chain.length,
      chain.hash,
      blocked ? 'blocked' : 'mutual',
      verified ? 1 : 0,
      note,
    ],
  };
}

function touch({ room, change }: Projected, target: Uint8Array): SqlStatement {
  return { sql: 'UPDATE message SET position = ? WHERE room = ? AND id = ?', parameters: [change, room, target] };
}

async function refuse(session: Session, { room, parsed }: Projected, what: string): Promise<readonly SqlStatement[]> {
  const text = `room ${hex(room)}: position ${parsed.n ?? 'queued'} holds ${what}; it changes nothing`;
  await session.keys.apply([keyLogEntry(session.clock, { event: 'refused', text })]);
  return [];
}

const CURSOR = 'cursor';

/** Name of the counter of changes in `history`. */
export const CHANGES = 'changes';
