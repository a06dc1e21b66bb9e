import { hex } from '@sotto/bytes';
import type { IdleContent } from '@sotto/protocol';
import { keepUnlockKeys } from '../devices/passphrase-change.ts';
import { parseInbox } from '../inbox.ts';
import { logKeyOnce } from '../key-log.ts';
import { readCounter, writeCounter } from '../meta.ts';
import type { SqlStatement } from '../ports.ts';
import type { Session } from '../session.ts';
import { effectOf, MessageLookup, replaced, settlement } from './history.ts';
import { contactsEffect, heardNotes, keyLogRows, unlockKeysOf } from './notes.ts';
import type { InboxRow } from './row.ts';

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
    await session.keys.apply([
      ...keyLogRows(session, batch),
      ...heardNotes(session, batch),
      forget((batch.at(-1) as InboxRow).position),
    ]);
  }
}

/** What was projected is of no more use. */
function forget(upTo: number): SqlStatement {
  return { sql: 'DELETE FROM inbox WHERE position <= ?', parameters: [upTo] };
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

function refusal({ clock }: Session, { room, n }: InboxRow, content: IdleContent): SqlStatement {
  return logKeyOnce(clock, { event: 'refused/content', room: hex(room), n, content });
}

const CURSOR = 'cursor';

/** Items of one transaction. */
const MAX_ROWS = 500;

/** Name of the counter of changes in `history`. */
export const CHANGES = 'changes';
