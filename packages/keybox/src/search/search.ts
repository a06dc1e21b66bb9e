import { hex, parseHex } from '@sotto/bytes';
import type { Address } from '@sotto/protocol';
import { standsFor } from '../directs.ts';
import { KeyboxUsageFault } from '../fault.ts';
import type { SqlValue } from '../ports.ts';
import { type KeptRoom, readRooms } from '../room-store.ts';
import type { Session } from '../session.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { matchExpression, parseSearch } from './query.ts';
import { type Snippet, snippetOf } from './snippet.ts';

/** Narrows a search. */
export interface SearchFilter {
  /** Id of a room; a direct room includes those that it stands for. */
  readonly room?: string;
  readonly author?: Address;
  /** Milliseconds since the epoch: at or after. */
  readonly after?: number;
  /** 20 by default, 200 at most. */
  readonly limit?: number;
}

export interface SearchHit {
  readonly kind: 'message';
  readonly room: string;
  readonly id: string;
  /** Null while queued. */
  readonly n: number | null;
  readonly author: Address;
  readonly at: number;
  readonly snippet: string;
  /** Where the words stand in the snippet: from and to, in UTF-16 units. */
  readonly marks: Snippet['marks'];
}

export interface SearchResult {
  /** Best first: those that hold the words more exactly and more densely; among equals the newest. */
  readonly hits: readonly SearchHit[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
  readonly coverage: Coverage;
}

/** Finds what was said, on this device alone: the server learns of no search. */
export class Search {
  readonly #session: Session;

  constructor(session: Session) {
    this.#session = session;
  }

  /**
   * Searches by words (each the beginning of one) and "quoted phrases", all of which must occur. Throws
   * `search-malformed`, and `not-found` for an unknown room.
   */
  async find(text: string, filter: SearchFilter = {}): Promise<SearchResult> {
    const terms = parseSearch(text);
    const rooms = (await readRooms(this.#session.keys)).filter(({ hidden }) => !hidden);
    const within = filter.room === undefined ? rooms : withinRoom(rooms, filter.room);
    const limit = Math.max(1, Math.min(filter.limit ?? 20, MAX_HITS));
    const found = await this.#candidates(matchExpression(terms), within, filter);
    // Stable: the newest first where the ranks are alike.
    const best = found.toSorted((left, right) => left.rank - right.rank).slice(0, limit);
    const states = new Map(within.map(({ state }) => [hex(state.id), state]));
    const hits = (await this.#rows(best)).map(({ room, id, n, author, at, text: whole }) => {
      const { text: snippet, marks } = snippetOf(whole, terms);
      const address = states.get(hex(room))?.people[hex(author)] ?? this.#session.identity.address;
      return { kind: 'message', room: hex(room), id: hex(id), n, author: address, at, snippet, marks } as const;
    });
    return { hits, more: found.length > limit, coverage: await this.coverage() };
  }

  /** How much of what the account can read a search finds on this device. */
  async coverage(): Promise<Coverage> {
    return coverageOf(this.#session);
  }

  /** The newest of all that match, each with its rank (the lower the better): an own bound for words that are everywhere. */
  async #candidates(
    match: string,
    rooms: readonly KeptRoom[],
    { room, author, after }: SearchFilter,
  ): Promise<readonly { readonly doc: number; readonly rank: number }[]> {
    const conditions = ['search_index MATCH ?', 'message.deleted = 0'];
    const parameters: SqlValue[] = [match];
    const oneOf = (column: string, values: readonly Uint8Array[]): void => {
      conditions.push(`${column} IN (${values.map(() => '?').join(', ')})`);
      parameters.push(...values);
    };
    if (room !== undefined)
      oneOf(
        'message.room',
        rooms.map(({ state }) => state.id),
      );
    if (author !== undefined) oneOf('message.author', identitiesOf(rooms, author));
    if (after !== undefined) {
      conditions.push('message.at >= ?');
      parameters.push(after);
    }
    const known = new Set(rooms.map(({ state }) => hex(state.id)));
    const rows = await this.#session.history.query<{ doc: number; rank: number; room: Uint8Array }>(
      `SELECT doc, rank, room FROM search_index JOIN message ON doc = search_index.rowid
        WHERE ${conditions.join(' AND ')} ORDER BY search_index.rowid DESC LIMIT ${MAX_CANDIDATES}`,
      parameters,
    );
    return rows.filter((row) => known.has(hex(row.room)));
  }

  async #rows(best: readonly { readonly doc: number }[]): Promise<readonly FoundRow[]> {
    const rows: FoundRow[] = [];
    for (const { doc } of best) {
      const sql = 'SELECT room, id, n, author, at, text FROM message WHERE doc = ?';
      rows.push(...(await this.#session.history.query<FoundRow>(sql, [doc])));
    }
    return rows;
  }
}

interface FoundRow {
  readonly room: Uint8Array;
  readonly id: Uint8Array;
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly at: number;
  readonly text: string;
}

function withinRoom(rooms: readonly KeptRoom[], id: string): readonly KeptRoom[] {
  const room = rooms.find(({ state }) => hex(state.id) === id);
  if (room === undefined) throw new KeyboxUsageFault('not-found', 'no room of that id is here');
  return room.state.type === 'direct' ? [room, ...standsFor(rooms, room)] : [room];
}

/** Everybody who ever stood under the address in one of the rooms. */
function identitiesOf(rooms: readonly KeptRoom[], address: Address): readonly Uint8Array[] {
  const found = new Set<string>();
  for (const { state } of rooms) {
    for (const [fingerprint, name] of Object.entries(state.people)) if (name === address) found.add(fingerprint);
  }
  return [...found].map(parseHex);
}

const MAX_HITS = 200;
const MAX_CANDIDATES = 1000;
