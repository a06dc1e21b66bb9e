import { hex } from '@sotto/bytes';
import type { Part } from './ports.ts';
import type { OwnIdentity } from './session.ts';
import { placeholders } from './sql.ts';

/** What goes on in a room, as a list of rooms shows it. */
export interface RoomActivity {
  readonly room: Uint8Array;
  /** Messages of others after our own read mark, and those of them that name this account. */
  readonly unread: number;
  readonly mentions: number;
  readonly last: LastRow | null;
}

/** The newest message that was not deleted. */
export interface LastRow {
  readonly id: Uint8Array;
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly at: number;
  readonly text: string;
  readonly code: string | null;
  /** Name of the file, if it is one, as its author wrote it. */
  readonly name: string | null;
}

/** By room in hexadecimal, two queries for all of them; a room without messages is missing. */
export async function readActivity(
  history: Part,
  { fingerprint }: Pick<OwnIdentity, 'fingerprint'>,
  rooms: readonly Uint8Array[],
): Promise<ReadonlyMap<string, RoomActivity>> {
  const rows = await history.query<{ room: Uint8Array; unread: number; mentions: number; last: number | null }>(
    `SELECT search_coverage.room, ${unread('message_theirs', 'own = 0')} AS unread,
      ${unread('message_mention', 'mentions_me = 1')} AS mentions,
      coalesce(
        (SELECT doc FROM message WHERE ${HERE} AND n IS NULL ORDER BY position DESC LIMIT 1),
        (SELECT doc FROM message WHERE ${HERE} AND n IS NOT NULL ORDER BY n DESC LIMIT 1)) AS last
      FROM search_coverage LEFT JOIN receipt ON receipt.room = search_coverage.room AND receipt.author = ?
      WHERE search_coverage.room IN (${placeholders(rooms)})`,
    [fingerprint, ...rooms],
  );
  const last = await readLast(
    history,
    rows.flatMap((row) => row.last ?? []),
  );
  return new Map(
    rows.map(({ room, unread, mentions, last: doc }) => [
      hex(room),
      { room, unread, mentions, last: (doc === null ? null : last.get(doc)) ?? null },
    ]),
  );
}

async function readLast(history: Part, docs: readonly number[]): Promise<ReadonlyMap<number, LastRow>> {
  const rows = await history.query<LastRow & { doc: number }>(
    `SELECT message.doc, message.id, message.n, author, at, text, code, file.name FROM message
      LEFT JOIN file ON file.room = message.room AND file.id = message.id WHERE message.doc IN (${placeholders(docs)})`,
    docs,
  );
  return new Map(rows.map(({ doc, ...row }) => [doc, row]));
}

/** How many of what an index holds stand after our own read mark. */
function unread(index: string, which: string): string {
  return `(SELECT count(*) FROM message INDEXED BY ${index} WHERE ${HERE} AND ${which} AND n >= coalesce(receipt.read, 0))`;
}

const HERE = 'message.room = search_coverage.room AND deleted = 0';
