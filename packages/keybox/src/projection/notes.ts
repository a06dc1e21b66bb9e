import { equal } from '@sotto/bytes';
import type { Body, BodyContent } from '@sotto/protocol';
import { type InboxItem, parseInbox } from '../inbox.ts';
import { isKeyLogEntry } from '../key-log.ts';
import type { SqlStatement } from '../ports.ts';
import { writeSetting } from '../presence/setting.ts';
import { writeOwn } from '../profile/own.ts';
import type { Session } from '../session.ts';
import { hear } from '../transparency/store.ts';
import type { InboxRow } from './row.ts';

/** What the account's other devices left in its own room for the contacts part; anybody else's says nothing here. */
export function contactsEffect(session: Session, room: Uint8Array, item: InboxItem): SqlStatement | null {
  const { body } = item;
  const isOwn = isOwnNote(session.identity, room, item);
  if (isOwn && body?.kind === 'own-profile') return writeOwn(body.content);
  if (isOwn && body?.kind === 'presence') return writeSetting(body.content, body.at);
  const note = noteOfOther(session, room, item);
  return note === null ? null : contactStatement(note);
}

/**
 * The key logs of the account's other devices: each entry once, in the transaction that forgets its item. One that this
 * version does not know is passed over.
 */
export function keyLogRows(session: Session, rows: readonly InboxRow[]): readonly SqlStatement[] {
  const entries: SqlStatement[] = [];
  for (const { room, item } of rows) {
    const parsed = parseInbox(item);
    const note = parsed === null ? null : noteOfOther(session, room, parsed);
    if (parsed === null || parsed.n === null || note?.kind !== 'key') continue;
    const { entry, code } = note.content;
    if (!isKeyLogEntry(entry)) continue;
    entries.push({
      sql: `INSERT INTO key_log (at, entry, code, device, origin) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (origin) DO NOTHING`,
      parameters: [note.at, entry, code, parsed.device, note.id],
    });
  }
  return entries;
}

/** The checkpoints that the account's other devices verified. */
export function heardNotes(session: Session, rows: readonly InboxRow[]): readonly SqlStatement[] {
  return rows.flatMap(({ room, item }) => {
    const parsed = parseInbox(item);
    const note = parsed === null ? null : noteOfOther(session, room, parsed);
    if (parsed === null || note?.kind !== 'checkpoint') return [];
    return hear(session, { device: parsed.device, who: session.identity.address, note: note.content.note });
  });
}

/** The newest unlock keys that another device of the account left in its own room, with those that are known here. */
export function unlockKeysOf({ identity }: Session, rows: readonly InboxRow[]): readonly Uint8Array[] | null {
  for (const { room, item } of rows.toReversed()) {
    const parsed = parseInbox(item);
    if (parsed?.body?.kind !== 'unlock-keys' || !equal(room, identity.accountRoom)) continue;
    if (equal(parsed.author, identity.fingerprint) && !equal(parsed.device, identity.deviceId)) {
      return parsed.body.content.keys;
    }
  }
  return null;
}

/** Whether the account wrote it to itself. */
export function isOwnNote(identity: Session['identity'], room: Uint8Array, { author }: InboxItem): boolean {
  return equal(room, identity.accountRoom) && equal(author, identity.fingerprint);
}

/** What another device of the account left in the account's own room; anybody else's says nothing here. */
function noteOfOther({ identity }: Session, room: Uint8Array, item: InboxItem): Body | null {
  const { body, device } = item;
  return isOwnNote(identity, room, item) && !equal(device, identity.deviceId) ? body : null;
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
      chain_hash = excluded.chain_hash, state = excluded.state, verified = excluded.verified, note = excluded.note`,
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
