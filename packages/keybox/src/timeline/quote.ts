import { hex } from '@sotto/bytes';
import { type RoomState, safeFileName } from '@sotto/protocol';
import { plainText } from '../markdown/markdown.ts';
import type { Part } from '../ports.ts';
import { placeholders } from '../sql.ts';
import type { QuoteView } from '../views.ts';

/** A message as another one quotes it. */
export interface QuotedRow {
  readonly id: Uint8Array;
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly text: string;
  readonly deleted: number;
  readonly code: string | null;
  /** Name of the file, if it is one, as its author wrote it. */
  readonly name: string | null;
}

/** By id in hexadecimal; what is not here is missing. */
export async function readQuoted(
  history: Part,
  room: Uint8Array,
  ids: readonly Uint8Array[],
): Promise<ReadonlyMap<string, QuotedRow>> {
  if (ids.length === 0) return new Map();
  const rows = await history.query<QuotedRow>(
    `SELECT message.id, message.n, author, text, deleted, code, file.name FROM message
      LEFT JOIN file ON file.room = message.room AND file.id = message.id
      WHERE message.room = ? AND message.id IN (${placeholders(ids)})`,
    [room, ...ids],
  );
  return new Map(rows.map((row) => [hex(row.id), row]));
}

/** What is not here may lie before this account came, or may not be fetched yet. */
export function quoteView(id: Uint8Array, row: QuotedRow | null, people: RoomState['people']): QuoteView {
  if (row === null) return { id: hex(id), n: null, author: null, text: '', state: 'unknown' };
  const state = row.deleted !== 0 ? 'deleted' : row.code !== null ? 'undecryptable' : 'here';
  const text = state === 'here' ? (row.name === null ? messageLine(row.text) : shortText(safeFileName(row.name))) : '';
  return { id: hex(id), n: row.n, author: people[hex(row.author)] ?? null, text, state };
}

/** The beginning of a message as its reader sees it, in one line. */
export function messageLine(text: string): string {
  return shortText(plainText(text));
}

/** The beginning of a text, in one line. */
export function shortText(text: string): string {
  const line = text
    .slice(0, 4 * MAX_SHORT)
    .toWellFormed()
    .replaceAll(/\s+/gu, ' ')
    .trim();
  const characters = [...line];
  return characters.length <= MAX_SHORT ? line : `${characters.slice(0, MAX_SHORT).join('').trimEnd()}…`;
}

/** Characters. */
const MAX_SHORT = 160;
