import type { Part, SqlValue } from '../ports.ts';

/** A message as the `history` part keeps it. */
export interface MessageRow {
  readonly room: Uint8Array;
  readonly id: Uint8Array;
  /** Null while it is queued. */
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  readonly at: number;
  readonly text: string;
  readonly edited: number;
  readonly deleted: number;
  readonly code: string | null;
  readonly reply_to: Uint8Array | null;
  readonly thread: Uint8Array | null;
  /** Fingerprints, one after the other. */
  readonly mentions: Uint8Array | null;
  readonly mentions_me: number;
  readonly forwarded: number;
}

/** The messages of one room, or of one thread in it, in the order of its log. Each look costs as much as it gives. */
export class MessageRows {
  readonly room: Uint8Array;
  readonly #history: Part;
  readonly #scope: string;
  readonly #of: readonly SqlValue[];

  constructor(history: Part, room: Uint8Array, thread: Uint8Array | null = null) {
    this.room = room;
    this.#history = history;
    this.#scope = thread === null ? 'room = ?' : 'room = ? AND thread = ?';
    this.#of = thread === null ? [room] : [room, thread];
  }

  /** Those below a position, nearest first. */
  older(n: number, limit: number): Promise<readonly MessageRow[]> {
    return this.#rows('n < ? ORDER BY n DESC LIMIT ?', [n, limit]);
  }

  /** Those from a position on, nearest first; all of them with a negative limit. */
  newer(n: number, limit: number): Promise<readonly MessageRow[]> {
    return this.#rows('n >= ? ORDER BY n LIMIT ?', [n, limit]);
  }

  /** What is not in the log yet, as it was written. */
  queued(): Promise<readonly MessageRow[]> {
    return this.#rows('n IS NULL ORDER BY position', []);
  }

  /** Position of the first message of a time or later; null if there is none. Times are their authors' word. */
  async at(milliseconds: number): Promise<number | null> {
    const [row] = await this.#rows('at >= ? AND n IS NOT NULL ORDER BY at, n LIMIT 1', [milliseconds]);
    return row?.n ?? null;
  }

  async byId(id: Uint8Array): Promise<MessageRow | null> {
    const [row] = await this.#rows('id = ?', [id]);
    return row ?? null;
  }

  #rows(condition: string, parameters: readonly SqlValue[]): Promise<readonly MessageRow[]> {
    return this.#history.query<MessageRow>(`SELECT * FROM message WHERE ${this.#scope} AND ${condition}`, [
      ...this.#of,
      ...parameters,
    ]);
  }
}
