import { hex } from '@sotto/bytes';
import { messageFiles } from '../files/file-history.ts';
import type { Part } from '../ports.ts';
import type { Session } from '../session.ts';
import { placeholders } from '../sql.ts';
import type { MessageFileView, Remedy } from '../views.ts';
import { type QuotedRow, readQuoted } from './quote.ts';
import type { MessageRow } from './rows.ts';

/** What belongs to messages and is kept elsewhere, by id in hexadecimal. */
export interface Beside {
  readonly files: ReadonlyMap<string, MessageFileView>;
  readonly reactions: ReadonlyMap<string, readonly { readonly author: Uint8Array; readonly text: string }[]>;
  readonly quotes: ReadonlyMap<string, QuotedRow>;
  /** How many messages a thread has. */
  readonly threads: ReadonlyMap<string, number>;
  /** Why the server did not take what still stands in the outbox. */
  readonly refused: ReadonlyMap<string, string>;
  /** By position. */
  readonly remedies: ReadonlyMap<number, readonly Remedy[]>;
}

export async function readBeside(
  { history, keys }: Session,
  room: Uint8Array,
  rows: readonly MessageRow[],
): Promise<Beside> {
  const ids = rows.map(({ id }) => id);
  const queued = rows.filter(({ n }) => n === null).map(({ id }) => id);
  const unread = rows.filter(({ code, deleted }) => code !== null && deleted === 0).flatMap(({ n }) => n ?? []);
  return {
    files: await messageFiles(history, room, ids),
    reactions: await readReactions(history, room, ids),
    quotes: await readQuoted(
      history,
      room,
      rows.flatMap(({ reply_to }) => reply_to ?? []),
    ),
    threads: await countThreads(history, room, ids),
    refused: await readRefused(keys, queued),
    remedies: await readRemedies(keys, room, unread),
  };
}

async function readReactions(
  history: Part,
  room: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<Beside['reactions']> {
  const rows = await history.query<{ id: Uint8Array; author: Uint8Array; text: string }>(
    `SELECT id, author, text FROM reaction WHERE room = ? AND id IN (${placeholders(ids)}) AND taken = 0
      GROUP BY id, author, text ORDER BY min(rowid)`,
    [room, ...ids],
  );
  return Map.groupBy(rows, ({ id }) => hex(id));
}

async function countThreads(history: Part, room: Uint8Array, ids: readonly Uint8Array[]): Promise<Beside['threads']> {
  const rows = await history.query<{ thread: Uint8Array; replies: number }>(
    `SELECT thread, count(*) AS replies FROM message WHERE room = ? AND thread IN (${placeholders(ids)}) GROUP BY thread`,
    [room, ...ids],
  );
  return new Map(rows.map(({ thread, replies }) => [hex(thread), replies]));
}

async function readRefused(keys: Part, ids: readonly Uint8Array[]): Promise<Beside['refused']> {
  if (ids.length === 0) return new Map();
  const rows = await keys.query<{ id: Uint8Array; code: string }>(
    `SELECT id, code FROM outbox WHERE code IS NOT NULL AND id IN (${placeholders(ids)})`,
    [...ids],
  );
  return new Map(rows.map(({ id, code }) => [hex(id), code]));
}

/** What is kept as unopened is tried again; a key that nobody was asked for, or got a wrong answer, is asked for. */
async function readRemedies(keys: Part, room: Uint8Array, positions: readonly number[]): Promise<Beside['remedies']> {
  if (positions.length === 0) return new Map();
  const rows = await keys.query<{ n: number; code: string; asked: number }>(
    `SELECT n, code, EXISTS (SELECT 1 FROM key_request WHERE key_request.room = unopened.room
      AND key_request.era = unopened.era AND key_request.state = 'open') AS asked
      FROM unopened WHERE room = ? AND n IN (${placeholders(positions)})`,
    [room, ...positions],
  );
  return new Map(rows.map(({ n, code, asked }) => [n, code === 'key-missing' && asked === 0 ? BOTH : RETRY]));
}

const RETRY: readonly Remedy[] = ['retry'];
const BOTH: readonly Remedy[] = ['retry', 'request-keys'];
