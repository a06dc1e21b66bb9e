import { hex, parseHex } from '@sotto/bytes';
import { type Address, safeFileName } from '@sotto/protocol';
import { standsFor } from '../directs.ts';
import { KeyboxUsageFault } from '../fault.ts';
import { type KeptRoom, readRooms } from '../room-store.ts';
import type { Session } from '../session.ts';
import { type Candidate, candidates, type Match, type Narrowed } from './candidates.ts';
import { type Coverage, coverageOf } from './coverage.ts';
import { matchExpression, parseSearch, type SearchTerm } from './query.ts';
import { messageSnippet, type Snippet, snippetOf } from './snippet.ts';

/** Narrows a search. */
export interface SearchFilter {
  /** Id of a room; a direct room includes those that it stands for. */
  readonly room?: string;
  readonly author?: Address;
  /** Milliseconds since the epoch: at or after. */
  readonly after?: number;
  /** Milliseconds since the epoch: earlier than that. */
  readonly before?: number;
  /** By default both. */
  readonly kind?: SearchHit['kind'];
  /** 20 by default, 200 at most. */
  readonly limit?: number;
}

export interface SearchHit {
  readonly kind: 'message' | 'file';
  readonly room: string;
  /** Of the message; a file has one, too. */
  readonly id: string;
  /** Null while queued. */
  readonly n: number | null;
  readonly author: Address;
  readonly at: number;
  /** The file, if it is one: its id and its name, safe to show. */
  readonly file: { readonly id: string; readonly name: string } | null;
  /** Of the message, the name, or the content of the file. */
  readonly snippet: string;
  /** Where the words stand in the snippet: from and to, in UTF-16 units. */
  readonly marks: Snippet['marks'];
}

export interface SearchResult {
  /** Best first: whole words before beginnings of words, short texts before long ones, among equals the newest. */
  readonly hits: readonly SearchHit[];
  /** Whether there are more than were asked for. */
  readonly more: boolean;
  readonly coverage: Coverage;
}

/** Finds what was said, and files by name and text, on this device alone: the server learns of no search. */
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
    const listed = await listedRooms(this.#session);
    const rooms = filter.room === undefined ? listed : withinRoom(listed, filter.room);
    const limit = Math.max(1, Math.min(filter.limit ?? 20, MAX_HITS));
    const found = await this.#search(matchExpression(terms), narrowed(rooms, filter));
    const people = new Map(rooms.map(({ state }) => [hex(state.id), state.people]));
    const hits: SearchHit[] = [];
    for (const candidate of found.slice(0, limit)) {
      const author = people.get(hex(candidate.room))?.[hex(candidate.author)] ?? this.#session.identity.address;
      hits.push({ ...(await this.#shown(candidate, terms)), author });
    }
    return { hits, more: found.length > limit, coverage: await coverageOf(this.#session, listed) };
  }

  /** How much of what the account can read a search finds on this device. */
  async coverage(): Promise<Coverage> {
    return coverageOf(this.#session, await listedRooms(this.#session));
  }

  /** Each message or version of a file once, whether its name matches or its content or both. */
  async #search(match: Match, to: Narrowed): Promise<readonly Candidate[]> {
    const seen = new Set<number>();
    return (await candidates(this.#session.history, match, to)).filter(({ message }) => {
      const isNew = !seen.has(message);
      seen.add(message);
      return isNew;
    });
  }

  async #shown(candidate: Candidate, terms: readonly SearchTerm[]): Promise<Omit<SearchHit, 'author'>> {
    const { room, id, n, at, file: doc } = candidate;
    const file = doc === null ? null : await this.#file(doc);
    const text = await this.#text(candidate, file?.name ?? '');
    const { text: snippet, marks } = (file === null ? messageSnippet : snippetOf)(text, terms);
    const kind = file === null ? 'message' : 'file';
    return { kind, room: hex(room), id: hex(id), n, at, file, snippet, marks };
  }

  async #text({ message, file, inContent }: Candidate, name: string): Promise<string> {
    if (file !== null && inContent === 0) return name;
    const { history } = this.#session;
    const sql = `SELECT text FROM ${file === null ? 'message' : 'file_text'} WHERE doc = ?`;
    const [row] = await history.query<{ text: string }>(sql, [file ?? message]);
    return row?.text ?? '';
  }

  async #file(doc: number): Promise<NonNullable<SearchHit['file']>> {
    const sql = 'SELECT root, name FROM file WHERE doc = ?';
    const [row] = await this.#session.history.query<{ root: Uint8Array; name: string }>(sql, [doc]);
    return { id: row === undefined ? '' : hex(row.root), name: safeFileName(row?.name ?? '') };
  }
}

async function listedRooms({ keys }: Session): Promise<readonly KeptRoom[]> {
  return (await readRooms(keys)).filter(({ hidden }) => !hidden);
}

function narrowed(rooms: readonly KeptRoom[], { author, after, before, kind }: SearchFilter): Narrowed {
  return {
    rooms: rooms.map(({ state }) => state.id),
    authors: author === undefined ? null : identitiesOf(rooms, author),
    after: after ?? null,
    before: before ?? null,
    kind: kind ?? null,
  };
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
