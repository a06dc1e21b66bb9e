import { hex, parseHex } from '@sotto/bytes';
import { KeyboxUsageFault } from '../fault.ts';
import type { MessageView } from '../views.ts';
import type { RoomChangeView } from './changes.ts';
import type { KeyNoticeView } from './notices.ts';
import type { MessageRow, MessageRows } from './rows.ts';

/** Where a message stands: a direct room may show those of another room before its own. */
export interface MessagePlace {
  readonly room: string;
  readonly n: number;
}

/** Which messages of a room are wanted: of `before`, `after` and `around` one at most; without, the newest. */
export interface MessageWindow {
  readonly before?: MessagePlace;
  readonly after?: MessagePlace;
  /** A place, a message, the first message of a time (milliseconds since the epoch) or later, or the first unread one. */
  readonly around?: MessagePlace | { readonly id: string } | { readonly at: number } | 'unread';
  /** 50 by default, 200 at most. */
  readonly limit?: number;
  /** Id of a message: only what was written in its thread. */
  readonly thread?: string;
}

export interface MessagePage {
  /** In the order of the log; what is queued stands last, beyond the limit, once the end is reached. */
  readonly messages: readonly MessageView[];
  /** Whether there are more before the first and after the last. */
  readonly older: boolean;
  readonly newer: boolean;
  /** What `around` led to; null for the end of the log. */
  readonly focus: MessagePlace | null;
  /** Messages of the room, deleted and undecryptable ones included; of a thread its own. */
  readonly total: number;
  /** Messages of others that were not read yet, and where the first stands. */
  readonly unread: number;
  readonly firstUnread: MessagePlace | null;
  /** What changed in the keys of other members while this was said, oldest first; not in threads. */
  readonly notices: readonly KeyNoticeView[];
  /** What changed in the room between these messages, in the order of its log; not in threads. */
  readonly changes: readonly RoomChangeView[];
}

/** Rows of a window, before they are shown. */
export interface WindowRows {
  readonly rows: readonly MessageRow[];
  readonly older: boolean;
  readonly newer: boolean;
  readonly focus: MessagePlace | null;
}

/**
 * Cuts a window out of rooms that stand one after the other. Costs as much as the window is long. Throws `not-found` for
 * a message or place that is not here.
 */
export async function cutWindow(
  rooms: readonly MessageRows[],
  window: MessageWindow,
  firstUnread: MessagePlace | null,
): Promise<WindowRows> {
  const limit = Math.max(1, Math.min(window.limit ?? DEFAULT_LIMIT, MAX_LIMIT));
  const cut = new Cut(rooms, limit);
  if (window.before !== undefined) return cut.before(window.before);
  if (window.after !== undefined) return cut.after(window.after);
  const focus = window.around === undefined ? null : await focusOf(rooms, window.around, firstUnread);
  return focus === null ? cut.newest() : cut.around(focus);
}

/** Everything from a position of the last room on, or from the beginning of the first. */
export async function wholeList(rooms: readonly MessageRows[], after: number | null): Promise<readonly MessageRow[]> {
  const wanted = after === null ? rooms : rooms.slice(-1);
  const found: MessageRow[] = [];
  for (const rows of wanted) for (const row of await rows.newer((after ?? -1) + 1, -1)) found.push(row);
  return [...found, ...(await lastOf(rooms).queued())];
}

class Cut {
  readonly #rooms: readonly MessageRows[];
  readonly #limit: number;

  constructor(rooms: readonly MessageRows[], limit: number) {
    this.#rooms = rooms;
    this.#limit = limit;
  }

  async newest(): Promise<WindowRows> {
    const end = { room: hex(lastOf(this.#rooms).room), n: Number.MAX_SAFE_INTEGER };
    return this.#cut({ older: await this.#older(end), newer: [], wanted: this.#limit, focus: null });
  }

  async before(place: MessagePlace): Promise<WindowRows> {
    const older = await this.#older(place);
    const rows = older.slice(0, this.#limit).toReversed();
    return { rows, older: older.length > this.#limit, newer: true, focus: null };
  }

  async after({ room, n }: MessagePlace): Promise<WindowRows> {
    const newer = await this.#newer({ room, n: n + 1 });
    return { ...(await this.#cut({ older: [], newer, wanted: 0, focus: null })), older: true };
  }

  /** Half of it before the place, unless the other half is short. */
  async around(focus: MessagePlace): Promise<WindowRows> {
    const [older, newer] = [await this.#older(focus), await this.#newer(focus)];
    const half = Math.floor(this.#limit / 2);
    return this.#cut({ older, newer, wanted: Math.max(half, this.#limit - newer.length), focus });
  }

  /** Of both sides, nearest first, `wanted` older rows and the rest newer ones. */
  async #cut({
    older,
    newer,
    wanted,
    focus,
  }: {
    readonly older: readonly MessageRow[];
    readonly newer: readonly MessageRow[];
    readonly wanted: number;
    readonly focus: MessagePlace | null;
  }): Promise<WindowRows> {
    const before = older.slice(0, wanted);
    const after = newer.slice(0, this.#limit - before.length);
    const isEnd = after.length === newer.length;
    const queued = isEnd ? await lastOf(this.#rooms).queued() : [];
    const rows = [...before.toReversed(), ...after, ...queued];
    return { rows, older: older.length > before.length, newer: !isEnd, focus };
  }

  /** One more than the limit, where there are so many: whoever wants to know whether there are more looks no further. */
  async #older({ room, n }: MessagePlace): Promise<readonly MessageRow[]> {
    const found: MessageRow[] = [];
    for (let at = indexOf(this.#rooms, room); at >= 0 && found.length <= this.#limit; at--) {
      const rows = this.#rooms[at] as MessageRows;
      const below = hex(rows.room) === room ? n : Number.MAX_SAFE_INTEGER;
      found.push(...(await rows.older(below, this.#limit + 1 - found.length)));
    }
    return found;
  }

  async #newer({ room, n }: MessagePlace): Promise<readonly MessageRow[]> {
    const found: MessageRow[] = [];
    for (const rows of this.#rooms.slice(indexOf(this.#rooms, room))) {
      if (found.length > this.#limit) break;
      found.push(...(await rows.newer(hex(rows.room) === room ? n : 0, this.#limit + 1 - found.length)));
    }
    return found;
  }
}

async function focusOf(
  rooms: readonly MessageRows[],
  around: NonNullable<MessageWindow['around']>,
  firstUnread: MessagePlace | null,
): Promise<MessagePlace | null> {
  if (around === 'unread') return firstUnread;
  if ('n' in around) return around;
  for (const rows of rooms) {
    const room = hex(rows.room);
    if ('at' in around) {
      const n = await rows.at(around.at);
      if (n !== null) return { room, n };
      continue;
    }
    const row = await rows.byId(messageId(around.id));
    if (row !== null) return row.n === null ? null : { room, n: row.n };
  }
  if ('at' in around) return null;
  throw messageNotFound();
}

/** Throws `not-found` for what is no id. */
export function messageId(id: string): Uint8Array {
  if (!/^[0-9a-f]{32}$/.test(id)) throw messageNotFound();
  return parseHex(id);
}

export function messageNotFound(): KeyboxUsageFault {
  return new KeyboxUsageFault('not-found', 'no message of that id is in the room');
}

function indexOf(rooms: readonly MessageRows[], room: string): number {
  const found = rooms.findIndex((each) => hex(each.room) === room);
  if (found < 0) throw new KeyboxUsageFault('not-found', 'the place is not in this room');
  return found;
}

function lastOf(rooms: readonly MessageRows[]): MessageRows {
  return rooms.at(-1) as MessageRows;
}

const DEFAULT_LIMIT = 50;
const MAX_LIMIT = 200;
