import type { Part, SqlValue } from '../ports.ts';
import { placeholders } from '../sql.ts';

/** What a search is narrowed to; an empty list finds nothing. */
export interface Narrowed {
  readonly rooms: readonly Uint8Array[];
  readonly authors: readonly Uint8Array[] | null;
  readonly after: number | null;
  readonly before: number | null;
  readonly kind: 'message' | 'file' | null;
}

/** A message or a version of a file that matches. */
export interface Candidate {
  readonly room: Uint8Array;
  readonly id: Uint8Array;
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly at: number;
  /** The lower the better. */
  readonly rank: number;
  /** Row numbers, of the message always. */
  readonly message: number;
  readonly file: number | null;
  /** Whether the words stand in the content of the file, not in its name. */
  readonly inContent: number;
}

/** The newest messages and files that match, best first; among equals the newest. Words that are everywhere cost no more. */
export async function candidates(history: Part, match: string, narrowed: Narrowed): Promise<readonly Candidate[]> {
  const { kind } = narrowed;
  const messages = kind === 'file' ? [] : await matching(history, match, { narrowed, kind: 'message' });
  const files = kind === 'message' ? [] : await matching(history, match, { narrowed, kind: 'file' });
  return [...messages, ...files].toSorted((left, right) => left.rank - right.rank || right.at - left.at);
}

async function matching(
  history: Part,
  match: string,
  { narrowed, kind }: { readonly narrowed: Narrowed; readonly kind: 'message' | 'file' },
): Promise<readonly Candidate[]> {
  const { conditions, parameters } = conditionsOf(narrowed);
  const columns =
    'message.room, message.id, message.n, message.author, message.at, search_index.rank, message.doc AS message';
  const rest = `WHERE search_index MATCH ? AND ${conditions.join(' AND ')} ORDER BY search_index.rowid`;
  const sql =
    kind === 'message'
      ? `SELECT ${columns}, NULL AS file, 0 AS inContent FROM search_index
      JOIN message ON message.doc = search_index.rowid ${rest} DESC LIMIT ${MAX_CANDIDATES}`
      : `SELECT ${columns}, file.doc AS file, search_index.rowid % 2 <> 0 AS inContent FROM search_index
      JOIN file ON search_index.rowid < 0 AND file.doc = -search_index.rowid / 2
      JOIN message ON message.room = file.room AND message.id = file.id ${rest} LIMIT ${MAX_CANDIDATES}`;
  return history.query<Candidate>(sql, [match, ...parameters]);
}

function conditionsOf({ rooms, authors, after, before }: Narrowed): { conditions: string[]; parameters: SqlValue[] } {
  const conditions = ['message.deleted = 0', `message.room IN (${placeholders(rooms)})`];
  const parameters: SqlValue[] = [...rooms];
  if (authors !== null) {
    conditions.push(`message.author IN (${placeholders(authors)})`);
    parameters.push(...authors);
  }
  if (after !== null) {
    conditions.push('message.at >= ?');
    parameters.push(after);
  }
  if (before !== null) {
    conditions.push('message.at < ?');
    parameters.push(before);
  }
  return { conditions, parameters };
}

const MAX_CANDIDATES = 1000;
