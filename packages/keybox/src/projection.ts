import { encodeCbor, equal, hex, unreachable } from '@sotto/bytes';
import { type Body, type BodyContent, isAdmin } from '@sotto/protocol';
import { keepUnlockKeys } from './devices/passphrase-change.ts';
import { fileStatement, noteUnsafeName } from './files/file-history.ts';
import { type InboxItem, parseInbox } from './inbox.ts';
import { keyLogEntryOnce } from './key-log.ts';
import { readCounter, writeCounter, writeMeta } from './meta.ts';
import type { Part, SqlStatement } from './ports.ts';
import { writeSetting } from './presence/setting.ts';
import { writeOwn } from './profile/own.ts';
import type { Session } from './session.ts';

/**
 * Brings `history` and `contacts` up to the inbox of `keys`. Items are applied many at a time, in one transaction of each
 * part together with its cursor, so that a crash in between repeats nothing and loses nothing.
 */
export async function project(session: Session): Promise<void> {
  for (;;) {
    const rows = await session.keys.query<InboxRow>(
      `SELECT position, room, n, item FROM inbox ORDER BY position LIMIT ${MAX_ROWS}`,
    );
    if (rows.length === 0) return;
    // What is taken back must be gone before anything is looked up again.
    const settled = rows.findIndex(({ item }) => parseInbox(item) === null);
    const batch = settled < 0 ? rows : rows.slice(0, settled + 1);
    await projectHistory(session, batch);
    await projectContacts(session, batch);
    await session.keys.apply([...keyLogRows(session, batch), forget((batch.at(-1) as InboxRow).position)]);
  }
}

/** What was projected is of no more use. */
function forget(upTo: number): SqlStatement {
  return { sql: 'DELETE FROM inbox WHERE position <= ?', parameters: [upTo] };
}

interface InboxRow {
  readonly position: number;
  readonly room: Uint8Array;
  readonly n: number | null;
  readonly item: Uint8Array;
}

async function projectHistory(session: Session, rows: readonly InboxRow[]): Promise<void> {
  const { keys, history } = session;
  const cursor = await readCounter(history, CURSOR);
  const due = rows.filter(({ position }) => position > cursor);
  if (due.length === 0) return;
  const messages = new MessageLookup(history);
  const changes: SqlStatement[] = [];
  const refusals: SqlStatement[] = [];
  let change = await readCounter(history, CHANGES);
  for (const row of due) {
    const parsed = parseInbox(row.item);
    if (parsed === null) {
      changes.push(...settlement(row));
      continue;
    }
    change += 1;
    const effect = await effectOf(session, { ...row, parsed, change, messages });
    if (effect.refused === null) changes.push(...replaced(row.room, parsed), ...effect.changes);
    else if (parsed.floor === null) refusals.push(refusal(session, row, effect.refused));
  }
  const unlockKeys = unlockKeysOf(session, due);
  if (unlockKeys !== null) await keys.apply([keepUnlockKeys(unlockKeys)]);
  // Told once: a repetition after a crash says the same again.
  if (refusals.length > 0) await keys.apply(refusals);
  const last = (due.at(-1) as InboxRow).position;
  await history.apply([...changes, writeCounter(CHANGES, change), writeCounter(CURSOR, last)]);
}

/** The newest unlock keys that another device of the account left in its own room, with those that are known here. */
function unlockKeysOf({ identity }: Session, rows: readonly InboxRow[]): readonly Uint8Array[] | null {
  for (const { room, item } of rows.toReversed()) {
    const parsed = parseInbox(item);
    if (parsed?.body?.kind !== 'unlock-keys' || !equal(room, identity.accountRoom)) continue;
    if (equal(parsed.author, identity.fingerprint) && !equal(parsed.device, identity.deviceId)) {
      return parsed.body.content.keys;
    }
  }
  return null;
}

async function projectContacts(session: Session, rows: readonly InboxRow[]): Promise<void> {
  const changes: SqlStatement[] = [];
  const cursor = await readCounter(session.contacts, CURSOR);
  for (const { position, room, item } of rows) {
    const parsed = position > cursor ? parseInbox(item) : null;
    const known = parsed === null ? null : contactsEffect(session, room, parsed);
    if (known !== null) changes.push(known);
  }
  if (changes.length === 0) return;
  await session.contacts.apply([...changes, writeCounter(CURSOR, (rows.at(-1) as InboxRow).position)]);
}

/** Who wrote a message and where: as the part has it, and as the batch that is not yet written will. */
class MessageLookup {
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

/** Takes back what was shown from a position on. */
function settlement({ room, n }: InboxRow): readonly SqlStatement[] {
  return [
    {
      sql: 'DELETE FROM reaction WHERE room = ? AND id IN (SELECT id FROM message WHERE room = reaction.room AND n >= ?)',
      parameters: [room, n],
    },
    { sql: 'DELETE FROM message WHERE room = ? AND n >= ?', parameters: [room, n] },
    { sql: 'DELETE FROM file WHERE room = ? AND n >= ?', parameters: [room, n] },
  ];
}

/** What could not be opened before and now can takes the place of its stand-in. */
function replaced(room: Uint8Array, { n, body }: InboxItem): readonly SqlStatement[] {
  if (n === null || body === null) return [];
  const sql = 'DELETE FROM message WHERE room = ? AND id = ? AND code IS NOT NULL';
  return [{ sql, parameters: [room, standInId(n)] }];
}

/** What the account's other devices left in its own room for the contacts part; anybody else's says nothing here. */
function contactsEffect(session: Session, room: Uint8Array, item: InboxItem): SqlStatement | null {
  const { body } = item;
  const isOwn = isOwnNote(session.identity, room, item);
  if (isOwn && body?.kind === 'own-profile') return writeOwn(body.content);
  if (isOwn && body?.kind === 'presence') return writeSetting(body.content, body.at);
  const note = noteOfOther(session, room, item);
  return note === null ? null : contactStatement(note);
}

/** What another device of the account left in the account's own room; anybody else's says nothing here. */
function noteOfOther({ identity }: Session, room: Uint8Array, item: InboxItem): Body | null {
  const { body, device } = item;
  return isOwnNote(identity, room, item) && !equal(device, identity.deviceId) ? body : null;
}

/** The key logs of the account's other devices: each entry once, in the transaction that forgets its item. */
function keyLogRows(session: Session, rows: readonly InboxRow[]): readonly SqlStatement[] {
  const entries: SqlStatement[] = [];
  for (const { room, item } of rows) {
    const parsed = parseInbox(item);
    const note = parsed === null ? null : noteOfOther(session, room, parsed);
    if (parsed === null || parsed.n === null || note?.kind !== 'key') continue;
    const { event, text, code } = note.content;
    entries.push({
      sql: `INSERT INTO key_log (at, kind, text, code, device, origin) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (origin) DO NOTHING`,
      parameters: [note.at, event, text, code, parsed.device, note.id],
    });
  }
  return entries;
}

/** Whether the account wrote it to itself. */
function isOwnNote(identity: Session['identity'], room: Uint8Array, { author }: InboxItem): boolean {
  return equal(room, identity.accountRoom) && equal(author, identity.fingerprint);
}

interface Projected extends InboxRow {
  readonly parsed: InboxItem;
  /** Number of this change, by which watchers find it. */
  readonly change: number;
  readonly messages: MessageLookup;
}

/** What an item does to the history, or why it does nothing and the user is told. */
type Effect = { readonly changes: readonly SqlStatement[]; readonly refused: null } | { readonly refused: string };

async function effectOf(session: Session, row: Projected): Promise<Effect> {
  const { body } = row.parsed;
  if (body === null) return changing(row.parsed.class === 'content' ? [unopened(row)] : []);
  switch (body.kind) {
    case 'message':
      return messageEffect(row, body);
    case 'file':
      return fileEffect(session, row, body);
    case 'edit':
    case 'delete':
      return changeEffect(row, body);
    case 'reaction':
      return (await isWithin(row, body.content.target)) ? changing(reactionStatements(row, body.content)) : NOTHING;
    case 'receipt':
      return (await isOnLog(session, row, body.content))
        ? changing(receiptStatements(session, row, body.content))
        : { refused: 'a receipt for what is not in the log before it' };
    case 'profile':
      return changing([roomProfile(row, body.content)]);
    case 'room':
      return isAdmin(row.parsed.role)
        ? changing([nameStatement(row, body.content)])
        : { refused: 'a room name by somebody who is no admin' };
    case 'policy-key':
      return isOwnNote(session.identity, row.room, row.parsed)
        ? changing([writeMeta('policy-key', encodeCbor(body.content))])
        : NOTHING;
    case 'read':
      return isOwnNote(session.identity, row.room, row.parsed)
        ? changing([readMark(session, body.content), roomMark(body.content)])
        : NOTHING;
    case 'key-request':
    case 'key-answer':
    case 'pin':
    case 'presence':
    case 'contact':
    case 'own-profile':
    case 'key':
    case 'unlock-keys':
      return changing([]);
    default:
      return unreachable(body);
  }
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
  { room, parsed, change, messages }: Projected,
  body: Body & { kind: 'message' | 'file' },
): Promise<Effect> {
  const { n, author, device, isNews } = parsed;
  const known = await messages.find(room, body.id);
  const isFirst = known === null || (known.n !== null && n !== null && n < known.n);
  if (!isFirst && !equal(known.author, author)) return { refused: 'a message under the id of another one' };
  if (isFirst || known.n === null) messages.put(room, body.id, { author, n });
  const insert = {
    sql: `INSERT INTO message (room, id, n, author, device, at, text, position, news) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (room, id) DO UPDATE SET n = excluded.n, position = excluded.position WHERE message.n IS NULL`,
    parameters: [
      room,
      body.id,
      n,
      author,
      device,
      body.at,
      body.kind === 'message' ? body.content.text : '',
      change,
      isNews ? 1 : 0,
    ],
  };
  return changing(known !== null && isFirst ? [...removal(room, body.id), insert] : [insert]);
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
  const shown = await messageEffect(row, body);
  if (shown.refused !== null) return shown;
  await noteUnsafeName(session, row.room, body);
  return changing([...shown.changes, fileStatement({ room: row.room, n: row.parsed.n, body })]);
}

async function changeEffect(row: Projected, body: Body & { kind: 'edit' | 'delete' }): Promise<Effect> {
  const { room, parsed, change, messages } = row;
  const { target } = body.content;
  const news = parsed.isNews ? 1 : 0;
  const found = await messages.find(room, target);
  // Of before we joined, or deleted before we came.
  if (found === null || !(await isWithin(row, target))) return NOTHING;
  const own = equal(found.author, parsed.author);
  if (body.kind === 'edit') {
    if (!own) return { refused: 'an edit of a message of somebody else' };
    const sql =
      'UPDATE message SET text = ?, edited = 1, position = ?, news = max(news, ?) WHERE room = ? AND id = ? AND deleted = 0 AND NOT EXISTS (SELECT 1 FROM file WHERE file.room = message.room AND file.id = message.id)';
    return changing([{ sql, parameters: [body.content.text, change, news, room, target] }]);
  }
  if (!own && !isAdmin(parsed.role)) return { refused: 'a deletion of a message of somebody else' };
  return changing([
    {
      sql: "UPDATE message SET text = '', deleted = 1, code = NULL, position = ?, news = max(news, ?) WHERE room = ? AND id = ?",
      parameters: [change, news, room, target],
    },
    { sql: 'DELETE FROM file WHERE room = ? AND id = ?', parameters: [room, target] },
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
function readMark({ identity }: Session, { room, upTo }: BodyContent<'read'>): SqlStatement {
  return markStatement(room, identity.fingerprint, { delivered: upTo.length, read: upTo.length });
}

/** That the room exists, and what it was up to there: the server is held to it. */
function roomMark({ room, upTo }: BodyContent<'read'>): SqlStatement {
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

/** The newest of an author counts, in whatever order they are read. */
function roomProfile({ room, parsed }: Projected, { name }: BodyContent<'profile'>): SqlStatement {
  return {
    sql: `INSERT INTO room_profile (room, author, name, n) VALUES (?, ?, ?, ?)
      ON CONFLICT (room, author) DO UPDATE SET name = excluded.name, n = excluded.n WHERE excluded.n >= room_profile.n`,
    parameters: [room, parsed.author, name, parsed.n ?? -1],
  };
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
  const { n, author, device, code, isNews } = parsed;
  return {
    sql: `INSERT INTO message (room, id, n, author, device, at, text, code, deleted, position, news) VALUES (?, ?, ?, ?, ?, 0, '', ?, ?, ?, ?)
      ON CONFLICT (room, id) DO UPDATE SET code = excluded.code, deleted = excluded.deleted, position = excluded.position
      WHERE message.code IS NOT NULL`,
    parameters: [room, standInId(n ?? 0), n, author, device, code, code === 'dropped' ? 1 : 0, change, isNews ? 1 : 0],
  };
}

/** Id under which the record at a position is shown as long as its own is not known. */
function standInId(n: number): Uint8Array {
  const id = new Uint8Array(16);
  new DataView(id.buffer).setBigUint64(8, BigInt(n));
  return id;
}

function contactStatement({ kind, content }: Body): SqlStatement | null {
  if (kind === 'pin') return pinStatement(content);
  if (kind !== 'contact') return null;
  const { address, state, fingerprint, note } = content;
  if (state === 'removed') return { sql: 'DELETE FROM contact WHERE address = ?', parameters: [address] };
  // A request says nothing against what was decided before it came.
  const decided = state === 'blocked' ? '' : "WHERE contact.state IN ('requested', 'incoming')";
  return {
    sql: `INSERT INTO contact (address, fingerprint, state, note) VALUES (?, ?, ?, ?)
      ON CONFLICT (address) DO UPDATE SET fingerprint = excluded.fingerprint, state = excluded.state,
      note = excluded.note ${decided}`,
    parameters: [address, fingerprint, state, note],
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

function touch({ room, parsed, change }: Projected, target: Uint8Array): SqlStatement {
  const sql = 'UPDATE message SET position = ?, news = max(news, ?) WHERE room = ? AND id = ?';
  return { sql, parameters: [change, parsed.isNews ? 1 : 0, room, target] };
}

function refusal({ clock }: Session, { room, n }: InboxRow, what: string): SqlStatement {
  const text = `room ${hex(room)}: position ${n ?? 'queued'} holds ${what}; it changes nothing`;
  return keyLogEntryOnce(clock, { event: 'refused', text });
}

const NOTHING: Effect = { changes: [], refused: null };
const CURSOR = 'cursor';
/** Items of one transaction. */
const MAX_ROWS = 500;

/** Name of the counter of changes in `history`. */
export const CHANGES = 'changes';
