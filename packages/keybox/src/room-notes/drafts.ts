import { decodeCbor, equal } from '@sotto/bytes';
import { body as bodyFormat } from '@sotto/protocol';
import { enqueue, type OutboxRow } from '../outbox.ts';
import type { RoomReader } from '../room-batch.ts';
import { messageId } from '../timeline/window.ts';
import { QUEUED, readDrafts } from './store.ts';

/** What was begun to be written in a room. */
export interface NewDraft {
  readonly text: string;
  /** Id of the message that it will answer. */
  readonly replyTo?: string;
}

/**
 * Queues a draft for all devices of the account in the place of the one before, whose text the server forgets. False if
 * nothing changed.
 */
export async function queueDraft(reader: RoomReader, room: Uint8Array, { text, replyTo }: NewDraft): Promise<boolean> {
  const { history, identity } = reader.session;
  const known = (await readDrafts(history, [room])).values().next().value;
  const target = replyTo === undefined ? null : messageId(replyTo);
  if ((known?.text ?? '') === text && isSame(known?.reply_to ?? null, target)) return false;
  const before = await queuedDrafts(reader, room);
  const drops = known === undefined || known.n === QUEUED || known.text === '' ? [] : [known.n];
  const content = { room, text, replyTo: target };
  await enqueue(reader, identity.accountRoom, { kind: 'draft', content, class: 'quiet', drops });
  // Only now: what is shown must be on its way.
  await reader.session.keys.apply(
    before.map((id) => ({ sql: 'DELETE FROM outbox WHERE id = ? AND seq IS NULL', parameters: [id] })),
  );
  return true;
}

/** Drafts of a room that nobody has seen yet. */
async function queuedDrafts({ session }: RoomReader, room: Uint8Array): Promise<readonly Uint8Array[]> {
  const rows = await session.keys.query<OutboxRow>(
    "SELECT * FROM outbox WHERE room = ? AND kind = 'draft' AND seq IS NULL",
    [session.identity.accountRoom],
  );
  return rows.filter((row) => roomOf(row, room)).map(({ id }) => id);
}

function roomOf({ body }: OutboxRow, room: Uint8Array): boolean {
  const queued = decodeCbor(body) as unknown as { readonly body: Uint8Array };
  const { kind, content } = bodyFormat.parse(queued.body);
  return kind === 'draft' && equal(content.room, room);
}

function isSame(left: Uint8Array | null, right: Uint8Array | null): boolean {
  return left === null || right === null ? left === right : equal(left, right);
}
