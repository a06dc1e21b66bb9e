import { equal, hex, unreachable } from '@sotto/bytes';
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
    await session.keys.apply([forget((rows.at(-1) as InboxRow).position)]);
  }
}

/** What was projected is of no more use. */
function forget(upTo: number): SqlStatement {
  return { sql: 'DELETE FROM inbox WHERE position <= ?', parameters: [upTo] };
}

interface InboxRow {
  readonly position: number;
  readonly room: Uint8Array;
  readonly item: Uint8Array;
}

async function projectRow(session: Session, row: InboxRow): Promise<void> {
  const parsed = parseInbox(row.item);
  if ((await readCounter(session.history, CURSOR)) < row.position) {
    const change = (await readCounter(session.history, CHANGES)) + 1;
    const effect = await effectOf(session, { ...row, parsed, change });
    // Told once: the entry and the end of the item are one transaction.
    if (effect.refused !== null)
      return session.keys.apply([refusal(session, row, effect.refused), forget(row.position)]);
    await session.history.apply([
      ...replaced(row.room, parsed),
      ...effect.changes,
      writeCounter(CHANGES, change),
      writeCounter(CURSOR, row.position),
    ]);
  }
  const pin = pinOf(session, row.room, parsed);
  if (pin === null || (await readCounter(session.contacts, CURSOR)) >= row.position) return;
  await session.contacts.apply([pinStatement(pin), writeCounter(CURSOR, row.position)]);
}

/** What could not be opened before and now can takes the place of its stand-in. */
function replaced(room: Uint8Array, { n, body }: InboxItem): readonly SqlStatement[] {
  if (n === null || body === null) return [];
  const sql = 'DELETE FROM message WHERE room = ? AND id = ? AND code IS NOT NULL';
  return [{ sql, parameters: [room, standInId(n)] }];
}

/** A pin that another device of the account left in the account's own room; anybody else's says nothing here. */
function pinOf(
  { identity }: Session,
  room: Uint8Array,
  { author, device, body }: InboxItem,
): BodyContent<'pin'> | null {
  const isOwn = equal(room, identity.accountRoom) && equal(author, identity.fingerprint);
  if (body?.kind !== 'pin' || !isOwn || equal(device, identity.deviceId)) return null;
  return body.content;
}

interface Projected extends InboxRow {
  readonly parsed: InboxItem;
  /** Number of this change, by which watchers find it. */
  readonly change: number;
}

/** What an item does to the history, or why it does nothing and the user is told. */
type Effect = { readonly changes: readonly SqlStatement[]; readonly refused: null } | { readonly refused: string };

async function effectOf(session: Session, row: Projected): Promise<Effect> {
  const { body } = row.parsed;
  if (body === null) return changing(row.parsed.class === 'content' ? [unopened(row)] : []);
  switch (body.kind) {
    case 'message':
      return messageEffect(session, row, body);
    case 'edit':
    case 'delete':
      return changeEffect(session, row, body);
    case 'reaction':
      return changing(reactionStatements(row, body.content));
    case 'receipt':
      return (await isOnLog(session, row, body.content))
        ? changing(receiptStatements(session, row, body.content))
        : { refused: 'a receipt for what is not in the log before it' };
    case 'room':
      return isAdmin(row.parsed.role)
        ? changing([nameStatement(row, body.content)])
        : { refused: 'a room name by somebody who is no admin' };
    case 'pin':
    case 'read':
    case 'key':
    case 'policy-key':
      return changing([]);
    default:
      return unreachable(body);
  }
}

function changing(changes: readonly SqlStatement[]): Effect {
  return { changes, refused: null };
}

/**
 * The first record of an id in the log is the message; a later one of its author is the same again, one of somebody
 * else is refused.
 */
async function messageEffect(
  session: Session,
  { room, parsed, change }: Projected,
  body: Body & { kind: 'message' },
): Promise<Effect> {
  const { n, author, device } = parsed;
  const [known] = await session.history.query<{ author: Uint8Array }>(
    'SELECT author FROM message WHERE room = ? AND id = ?',
    [room, body.id],
  );
  if (known !== undefined && !equal(known.author, author)) return { refused: 'a message under the id of another one' };
  return changing([
    {
      sql: `INSERT INTO message (room, id, n, author, device, at, text, position) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (room, id) DO UPDATE SET n = excluded.n, position = excluded.position WHERE message.n IS NULL`,
      parameters: [room, body.id, n, author, device, body.at, body.content.text, change],
    },
  ]);
}

async function changeEffect(
  session: Session,
  { room, parsed, change }: Projected,
  body: Body & { kind: 'edit' | 'delete' },
): Promise<Effect> {
  const { target } = body.content;
  const [found] = await session.history.query<{ author: Uint8Array }>(
    'SELECT author FROM message WHERE room = ? AND id = ?',
    [room, target],
  );
  // Of before we joined, or deleted before we came.
  if (found === undefined) return changing([]);
  const own = equal(found.author, parsed.author);
  if (body.kind === 'edit') {
    if (!own) return { refused: 'an edit of a message of somebody else' };
    const sql = 'UPDATE message SET text = ?, edited = 1, position = ? WHERE room = ? AND id = ? AND deleted = 0';
    return changing([{ sql, parameters: [body.content.text, change, room, target] }]);
  }
  if (!own && !isAdmin(parsed.role)) return { refused: 'a deletion of a message of somebody else' };
  return changing([
    {
      sql: "UPDATE message SET text = '', deleted = 1, code = NULL, position = ? WHERE room = ? AND id = ?",
      parameters: [change, room, target],
    },
    { sql: 'DELETE FROM reaction WHERE room = ? AND id = ?', parameters: [room, target] },
  ]);
}

function reactionStatements(row: Projected, { target, text }: BodyContent<'reaction'>): readonly SqlStatement[] {
  const { room, parsed } = row;
  return [
    {
      sql: 'INSERT OR IGNORE INTO reaction (room, id, author, text) VALUES (?, ?, ?, ?)',
      parameters: [room, target, parsed.author, text],
    },
    touch(row, target),
  ];
}

/** Whether both marks lie below the receipt and name our log: nobody acknowledges what they cannot have seen. */
async function isOnLog(
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
function unopened({ room, parsed, change }: Projected): SqlStatement {
  const { n, author, device, code } = parsed;
  return {
    sql: `INSERT INTO message (room, id, n, author, device, at, text, code, deleted, position) VALUES (?, ?, ?, ?, ?, 0, '', ?, ?, ?)
      ON CONFLICT (room, id) DO UPDATE SET code = excluded.code, deleted = excluded.deleted, position = excluded.position
      WHERE message.code IS NOT NULL`,
    parameters: [room, standInId(n ?? 0), n, author, device, code, code === 'dropped' ? 1 : 0, change],
  };
}

/** Id under which the record at a position is shown as long as its own is not known. */
function standInId(n: number): Uint8Array {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setBigUint64(8, BigInt(n));
  return id;
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

function refusal({ clock }: Session, { room, item }: InboxRow, what: string): SqlStatement {
  const text = `room ${hex(room)}: position ${parseInbox(item).n ?? 'queued'} holds ${what}; it changes nothing`;
  return keyLogEntry(clock, { event: 'refused', text });
}

const CURSOR = 'cursor';

/** Name of the counter of changes in `history`. */
export const CHANGES = 'changes';
