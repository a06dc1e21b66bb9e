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

/** Expressions for the index: of what holds the words, and of what holds them whole; null if that is the same. */
export interface Match {
  readonly any: string;
  readonly whole: string | null;
}

/** A message or a version of a file that matches. */
export interface Candidate {
  readonly room: Uint8Array;
  readonly id: Uint8Array;
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly at: number;
  /** Characters of what the words stand in. */
  readonly length: number;
  /** Row numbers, of the message always. */
  readonly message: number;
  readonly file: number | null;
  /** Whether the words stand in the content of the file, not in its name. */
  readonly inContent: number;
}

/**
 * The newest messages and files that match, best first: whole words before beginnings of words, short texts before long
 * ones, among equals the newest. Words that are everywhere cost no more: nothing is counted, as the index's own rank would.
 */
export async function candidates(history: Part, match: Match, narrowed: Narrowed): Promise<readonly Candidate[]> {
  const whole = match.whole === null ? [] : await newest(history, match.whole, narrowed);
  return [...whole, ...(await newest(history, match.any, narrowed))];
}

async function newest(history: Part, match: string, narrowed: Narrowed): Promise<readonly Candidate[]> {
  const { kind } = narrowed;
  const messages = kind === 'file' ? [] : await matching(history, match, { narrowed, kind: 'message' });
  const files = kind === 'message' ? [] : await matching(history, match, { narrowed, kind: 'file' });
  return [...messages, ...files].toSorted((left, right) => left.length - right.length || right.at - left.at);
}

/** The best of the newest. */
async function matching(
  history: Part,
  match: string,
  { narrowed, kind }: { readonly narrowed: Narrowed; readonly kind: 'message' | 'file' },
): Promise<readonly Candidate[]> {
  const { conditions, parameters } = conditionsOf(narrowed);
  const columns = 'message.room, message.id, message.n, message.author, message.at, message.doc AS message';
  const rest = `WHERE search_index MATCH ? AND ${conditions.join(' AND ')} ORDER BY search_index.rowid`;
  const found =
    kind === 'message'
      ? `SELECT ${columns}, length(message.text) AS length, NULL AS file, 0 AS inContent FROM search_index
      JOIN message ON message.doc = search_index.rowid ${rest} DESC LIMIT ${MAX_MATCHES}`
      : `SELECT ${columns}, file.doc AS file, search_index.rowid % 2 <> 0 AS inContent,
      length(CASE WHEN search_index.rowid % 2 = 0 THEN file.name ELSE (SELECT text FROM file_text WHERE file_text.doc = file.doc) END) AS length
      FROM search_index JOIN file ON search_index.rowid < 0 AND file.doc = -search_index.rowid / 2
      JOIN message ON message.room = file.room AND message.id = file.id ${rest} LIMIT ${MAX_MATCHES}`;
  const sql = `SELECT * FROM (${found}) ORDER BY length, at DESC LIMIT ${MAX_CANDIDATES}`;
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

const MAX_MATCHES = 1000;
/** Beyond what is asked for at most, even if each is a file that is found twice. */
const MAX_CANDIDATES = 500;
