import { hex } from '@sotto/bytes';
import type { BodyContent, RoomMarkName } from '@sotto/protocol';
import type { Part, SqlStatement } from '../ports.ts';
import { placeholders } from '../sql.ts';

/** A mark as it was made last. */
export interface MarkRow {
  readonly room: Uint8Array;
  readonly mark: RoomMarkName;
  readonly is_set: number;
  readonly until: number | null;
}

/** What was begun to be written in a room; an empty text is none. */
export interface DraftRow {
  readonly room: Uint8Array;
  readonly text: string;
  readonly reply_to: Uint8Array | null;
  readonly at: number;
  /** Position in the account room; `QUEUED` while it is on its way. */
  readonly n: number;
}

/** Of a record of the account room: its place decides which of two is the later. */
interface Written {
  readonly id: Uint8Array;
  readonly at: number;
  readonly n: number | null;
}

export function writeMark({ id, n }: Written, { room, mark, set, until }: BodyContent<'room-mark'>): SqlStatement {
  return {
    sql: `INSERT INTO room_setting (room, mark, is_set, until, id, n) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (room, mark) DO UPDATE SET is_set = excluded.is_set, until = excluded.until, id = excluded.id,
      n = excluded.n WHERE ${isLater('room_setting')}`,
    parameters: [room, mark, set ? 1 : 0, until, id, n ?? QUEUED],
  };
}

export function writeDraft({ id, at, n }: Written, { room, text, replyTo }: BodyContent<'draft'>): SqlStatement {
  return {
    sql: `INSERT INTO draft (room, text, reply_to, at, id, n) VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT (room) DO UPDATE SET text = excluded.text, reply_to = excluded.reply_to, at = excluded.at,
      id = excluded.id, n = excluded.n WHERE ${isLater('draft')}`,
    parameters: [room, text, replyTo, at, id, n ?? QUEUED],
  };
}

/** By room in hexadecimal. */
export async function readMarks(
  history: Part,
  rooms: readonly Uint8Array[],
): Promise<ReadonlyMap<string, readonly MarkRow[]>> {
  const rows = await history.query<MarkRow>(
    `SELECT room, mark, is_set, until FROM room_setting WHERE room IN (${placeholders(rooms)})`,
    rooms,
  );
  return Map.groupBy(rows, ({ room }) => hex(room));
}

/** By room in hexadecimal; those that were cleared, too. */
export async function readDrafts(history: Part, rooms: readonly Uint8Array[]): Promise<ReadonlyMap<string, DraftRow>> {
  const rows = await history.query<DraftRow>(
    `SELECT room, text, reply_to, at, n FROM draft WHERE room IN (${placeholders(rooms)})`,
    rooms,
  );
  return new Map(rows.map((row) => [hex(row.room), row]));
}

/** What is queued here will stand above all that is in the log by then; when it gets there it is the same record. */
function isLater(table: string): string {
  return `excluded.n >= ${table}.n OR excluded.id = ${table}.id`;
}

export const QUEUED: number = Number.MAX_SAFE_INTEGER;
