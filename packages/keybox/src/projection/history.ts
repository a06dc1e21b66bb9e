import { encodeCbor, equal, hex, unreachable } from '@sotto/bytes';
import { type Body, type BodyContent, type IdleContent, isAdmin } from '@sotto/protocol';
import { callStatement } from '../calls/call-record.ts';
import { fileStatement, noteUnsafeName } from '../files/file-history.ts';
import type { InboxItem } from '../inbox.ts';
import { writeMeta } from '../meta.ts';
import type { Part, SqlStatement } from '../ports.ts';
import { writeDraft, writeMark } from '../room-notes/store.ts';
import type { Session } from '../session.ts';
import { joinMentions } from '../timeline/mentions.ts';
import { isOnLog, readMark, receiptStatements, roomMark } from './marks.ts';
import { isOwnNote } from './notes.ts';
import type { InboxRow } from './row.ts';

export interface Projected extends InboxRow {
  readonly parsed: InboxItem;
  /** Number of this change, by which watchers find it. */
  readonly change: number;
  readonly messages: MessageLookup;
}

/** What an item does to the history, or why it does nothing and the user is told. */
type Effect = { readonly changes: readonly SqlStatement[]; readonly refused: null } | { readonly refused: IdleContent };

export async function effectOf(session: Session, row: Projected): Promise<Effect> {
  const { body } = row.parsed;
  if (body === null) return changing(row.parsed.class === 'content' ? [unopened(session, row)] : []);
  switch (body.kind) {
    case 'message':
      return messageEffect(session, row, body);
    case 'file':
      return fileEffect(session, row, body);
    case 'edit':
    case 'delete':
      return changeEffect(row, body);
    case 'reaction':
      return (await isWithin(row, body.content.target)) ? changing(reactionStatements(row, body)) : NOTHING;
    case 'receipt':
      return (await isOnLog(session, row, body.content))
        ? changing(receiptStatements(session, row, body.content))
        : { refused: 'receipt' };
    case 'call':
      return changing([callStatement({ room: row.room, author: row.parsed.author, n: row.parsed.n }, body.content)]);
    case 'profile':
      return changing([roomProfile(row, body.content)]);
    case 'room':
      return isAdmin(row.parsed.role) ? changing([nameStatement(row, body.content)]) : { refused: 'room-name' };
    case 'policy-key':
      return isOwnNote(session.identity, row.room, row.parsed)
        ? changing([writeMeta('policy-key', encodeCbor(body.content))])
        : NOTHING;
    case 'read':
      return isOwnNote(session.identity, row.room, row.parsed)
        ? changing([readMark(session, body.content), roomMark(body.content)])
        : NOTHING;
    case 'room-mark':
      return isOwnNote(session.identity, row.room, row.parsed)
        ? changing([writeMark({ ...body, n: row.parsed.n }, body.content)])
        : NOTHING;
    case 'draft':
      return isOwnNote(session.identity, row.room, row.parsed)
        ? changing([writeDraft({ ...body, n: row.parsed.n }, body.content)])
        : NOTHING;
    case 'key-request':
    case 'key-answer':
    case 'pin':
    case 'presence':
    case 'contact':
    case 'own-profile':
    case 'key':
    case 'checkpoint':
    case 'unlock-keys':
      return changing([]);
    default:
      return unreachable(body);
  }
}

/** What could not be opened before and now can takes the place of its stand-in. */
export function replaced(room: Uint8Array, { n, body }: InboxItem): readonly SqlStatement[] {
  if (n === null || body === null) return [];
  const sql = 'DELETE FROM message WHERE room = ? AND id = ? AND code IS NOT NULL';
  return [{ sql, parameters: [room, standInId(n)] }];
}

/** Takes back what was shown from a position on. */
export function settlement({ room, n }: InboxRow): readonly SqlStatement[] {
  return [
    {
      sql: 'DELETE FROM reaction WHERE room = ? AND id IN (SELECT id FROM message WHERE room = reaction.room AND n >= ?)',
      parameters: [room, n],
    },
    { sql: 'DELETE FROM message WHERE room = ? AND n >= ?', parameters: [room, n] },
    { sql: 'DELETE FROM file WHERE room = ? AND n >= ?', parameters: [room, n] },
    { sql: 'DELETE FROM call WHERE room = ? AND n >= ?', parameters: [room, n] },
  ];
}

/** Who wrote a message and where: as the part has it, and as the batch that is not yet written will. */
export class MessageLookup {
  readonly #history: Part;
  readonly #fresh = new Map<string, MessagePlace>();

  constructor(history: Part) {
    this.#history = history;
  }

  async find(room: Uint8Array, id: Uint8Array): Promise<MessagePlace | null> {
    const fresh = this.#fresh.get(keyOf(room, id));
    if (fresh !== undefined) return fresh;
    const [row] = await this.#history.query<MessagePlace>('SELECT author, n FROM message WHERE room = ? AND id = ?', [
      room,
      id,
    ]);
    return row ?? null;
  }

  put(room: Uint8Array, id: Uint8Array, place: MessagePlace): void {
    this.#fresh.set(keyOf(room, id), place);
  }
}

interface MessagePlace {
  readonly author: Uint8Array;
  readonly n: number | null;
}

function keyOf(room: Uint8Array, id: Uint8Array): string {
  return `${hex(room)}/${hex(id)}`;
}

/** What is shown before its time changes nothing below its floor. */
async function isWithin({ room, parsed, messages }: Projected, target: Uint8Array): Promise<boolean> {
  if (parsed.floor === null) return true;
  const n = (await messages.find(room, target))?.n ?? -1;
  return n >= parsed.floor;
}

function changing(changes: readonly SqlStatement[]): Effect {
  return { changes, refused: null };
}

/**
 * The first record of an id in the log is the message; a later one of its author is the same again, one of somebody
 * else is refused. The newest records may be known before the first: then it takes their place.
 */
async function messageEffect(
  session: Session,
  row: Projected,
  body: Body & { kind: 'message' | 'file' },
): Promise<Effect> {
  const { room, parsed, messages } = row;
  const { n, author } = parsed;
  const known = await messages.find(room, body.id);
  const isFirst = known === null || (known.n !== null && n !== null && n < known.n);
  if (!isFirst && !equal(known.author, author)) return { refused: 'message-id' };
  if (isFirst || known.n === null) messages.put(room, body.id, { author, n });
  const insert = messageStatement(session, row, body);
  return changing(known !== null && isFirst ? [...removal(room, body.id), insert] : [insert]);
}

function messageStatement(
  { identity }: Session,
  { room, parsed, change }: Projected,
  { id, at, kind, content }: Body & { kind: 'message' | 'file' },
): SqlStatement {
  const { n, author, device, isNews } = parsed;
  const message = kind === 'message' ? content : null;
  const mentions = message?.mentions ?? [];
  const isOwn = equal(author, identity.fingerprint);
  const isMeant = !isOwn && mentions.some((who) => equal(who, identity.fingerprint));
  return {
    sql: `INSERT INTO message (room, id, n, author, device, at, text, position, news, reply_to, thread, mentions, mentions_me,
      forwarded, own) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (room, id) DO UPDATE SET n = excluded.n, position = excluded.position WHERE message.n IS NULL`,
    parameters: [
      ...[room, id, n, author, device, at, message?.text ?? '', change, isNews ? 1 : 0],
      ...[message?.replyTo ?? null, message?.thread ?? null, joinMentions(mentions)],
      ...[isMeant ? 1 : 0, message?.forwarded === true ? 1 : 0, isOwn ? 1 : 0],
    ],
  };
}

function removal(room: Uint8Array, id: Uint8Array): readonly SqlStatement[] {
  return [
    { sql: 'DELETE FROM message WHERE room = ? AND id = ?', parameters: [room, id] },
    { sql: 'DELETE FROM reaction WHERE room = ? AND id = ?', parameters: [room, id] },
    { sql: 'DELETE FROM file WHERE room = ? AND id = ?', parameters: [room, id] },
  ];
}

/** A file shows as a message without text, and stands in the list of files. */
async function fileEffect(session: Session, row: Projected, body: Body & { kind: 'file' }): Promise<Effect> {
  const shown = await messageEffect(session, row, body);
  if (shown.refused !== null) return shown;
  await noteUnsafeName(session, row.room, body);
  return changing([...shown.changes, fileStatement({ room: row.room, n: row.parsed.n, body })]);
}

async function changeEffect(row: Projected, body: Body & { kind: 'edit' | 'delete' }): Promise<Effect> {
  const { room, parsed, change, messages } = row;
  const { target } = body.content;
  const news = parsed.isNews ? 1 : 0;
  const found = await messages.find(room, target);
  // A reaction; or a message of before we joined, or deleted before we came.
  if (found === null && body.kind === 'delete') return changing(takeBack(row, target));
  if (found === null || !(await isWithin(row, target))) return NOTHING;
  const own = equal(found.author, parsed.author);
  if (body.kind === 'edit') {
    if (!own) return { refused: 'edit' };
    const sql =
      'UPDATE message SET text = ?, edited = 1, position = ?, news = max(news, ?) WHERE room = ? AND id = ? AND deleted = 0 AND NOT EXISTS (SELECT 1 FROM file WHERE file.room = message.room AND file.id = message.id)';
    return changing([{ sql, parameters: [body.content.text, change, news, room, target] }]);
  }
  if (!own && !isAdmin(parsed.role)) return { refused: 'deletion' };
  return changing([
    {
      sql: "UPDATE message SET text = '', deleted = 1, code = NULL, position = ?, news = max(news, ?) WHERE room = ? AND id = ?",
      parameters: [change, news, room, target],
    },
    { sql: 'DELETE FROM file WHERE room = ? AND id = ?', parameters: [room, target] },
    { sql: 'DELETE FROM reaction WHERE room = ? AND id = ?', parameters: [room, target] },
  ]);
}

/** What was taken back before it came stays so. */
function reactionStatements(row: Projected, { id, content }: Body & { kind: 'reaction' }): readonly SqlStatement[] {
  const { room, parsed } = row;
  return [
    {
      sql: `INSERT INTO reaction (room, record, author, id, text) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (room, record, author) DO UPDATE SET id = excluded.id, text = excluded.text WHERE reaction.id IS NULL`,
      parameters: [room, id, parsed.author, content.target, content.text],
    },
    touch(row, content.target),
  ];
}

/** Takes back a reaction of the same author, by the id of its record: here already, or still to come. */
function takeBack({ room, parsed, change }: Projected, record: Uint8Array): readonly SqlStatement[] {
  const { author, floor, isNews } = parsed;
  const which = [room, record, author];
  const within = 'AND id IN (SELECT id FROM message WHERE message.room = reaction.room AND n >= ?)';
  return [
    floor === null
      ? {
          sql: `INSERT INTO reaction (room, record, author, text, taken) VALUES (?, ?, ?, '', 1)
            ON CONFLICT (room, record, author) DO UPDATE SET taken = 1`,
          parameters: which,
        }
      : {
          sql: `UPDATE reaction SET taken = 1 WHERE room = ? AND record = ? AND author = ? ${within}`,
          parameters: [...which, floor],
        },
    {
      sql: `UPDATE message SET position = ?, news = max(news, ?)
        WHERE room = ? AND id = (SELECT id FROM reaction WHERE room = message.room AND record = ? AND author = ? AND taken = 1)`,
      parameters: [change, isNews ? 1 : 0, ...which],
    },
  ];
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

/** The newest of an author counts, in whatever order they are read. */
function roomProfile({ room, parsed }: Projected, { name }: BodyContent<'profile'>): SqlStatement {
  return {
    sql: `INSERT INTO room_profile (room, author, name, n) VALUES (?, ?, ?, ?)
      ON CONFLICT (room, author) DO UPDATE SET name = excluded.name, n = excluded.n WHERE excluded.n >= room_profile.n`,
    parameters: [room, parsed.author, name, parsed.n ?? -1],
  };
}

/** A record that does not open is shown as such, with the reason: never a silent gap. */
function unopened({ identity }: Session, { room, parsed, change }: Projected): SqlStatement {
  const { n, author, device, code, isNews } = parsed;
  return {
    sql: `INSERT INTO message (room, id, n, author, device, at, text, code, deleted, position, news, own) VALUES (?, ?, ?, ?, ?, 0, '', ?, ?, ?, ?, ?)
      ON CONFLICT (room, id) DO UPDATE SET code = excluded.code, deleted = excluded.deleted, position = excluded.position
      WHERE message.code IS NOT NULL`,
    parameters: [
      ...[room, standInId(n ?? 0), n, author, device, code, code === 'dropped' ? 1 : 0, change],
      ...[isNews ? 1 : 0, equal(author, identity.fingerprint) ? 1 : 0],
    ],
  };
}

/** Id under which the record at a position is shown as long as its own is not known. */
function standInId(n: number): Uint8Array {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setBigUint64(8, BigInt(n));
  return id;
}

function touch({ room, parsed, change }: Projected, target: Uint8Array): SqlStatement {
  const sql = 'UPDATE message SET position = ?, news = max(news, ?) WHERE room = ? AND id = ?';
  return { sql, parameters: [change, parsed.isNews ? 1 : 0, room, target] };
}

const NOTHING: Effect = { changes: [], refused: null };
