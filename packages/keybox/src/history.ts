import { equal, hex } from '@sotto/bytes';
import type { RoomState } from '@sotto/protocol';
import type { Chains } from './chains.ts';
import type { KeptRoom } from './room-store.ts';
import type { Session } from './session.ts';
import { placeholders } from './sql.ts';
import { changesBetween, type RoomChangeView } from './timeline/changes.ts';
import { MessageViews } from './timeline/message-views.ts';
import { KeyNotices, type KeyNoticeView } from './timeline/notices.ts';
import { type MessageRow, MessageRows } from './timeline/rows.ts';
import {
  cutWindow,
  type MessagePage,
  type MessagePlace,
  type MessageWindow,
  messageId,
  messageNotFound,
  type WindowRows,
  wholeList,
} from './timeline/window.ts';
import type { MessageView } from './views.ts';

/** What was said, as it is shown: read from the `history` part alone. */
export class History {
  readonly #session: Session;
  readonly #views: MessageViews;
  readonly #notices: KeyNotices;

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#views = new MessageViews(session, chains);
    this.#notices = new KeyNotices(session, chains);
  }

  /** Messages of rooms that stand one after the other, in the order of their logs, the queued ones last. */
  async list(rooms: readonly KeptRoom[], after: number | null): Promise<readonly MessageView[]> {
    return this.#shown(rooms, await wholeList(this.#rowsOf(rooms), after));
  }

  /** A window on rooms that stand one after the other. Throws `not-found` for a message that is not here. */
  async page(rooms: readonly KeptRoom[], window: MessageWindow): Promise<MessagePage> {
    const { state } = rooms.at(-1) as KeptRoom;
    const thread = window.thread === undefined ? null : messageId(window.thread);
    const firstUnread = await this.#firstUnread(state.id);
    const cut = await cutWindow(this.#rowsOf(rooms, thread), window, firstUnread);
    const { rows, ...place } = cut;
    const unread = firstUnread === null ? 0 : await this.unread(state.id);
    const total = thread === null ? await this.#total(rooms) : await this.#replies(rooms, thread);
    const notices = thread === null ? await this.#noticesOf(state, cut) : [];
    const changes = thread === null ? await this.#changesOf(state, cut) : [];
    return { messages: await this.#shown(rooms, rows), ...place, total, unread, firstUnread, notices, changes };
  }

  /** Of the time of a window: each stands in one window alone of those that lie one after the other. */
  async #noticesOf(state: RoomState, { rows, older, newer }: WindowRows): Promise<readonly KeyNoticeView[]> {
    const times = rows.filter(({ at }) => at > 0).map(({ at }) => at);
    const [first, last] = [times[0], times.at(-1)];
    if (first === undefined || last === undefined) return [];
    const next = newer ? await this.#timeAfter(rows) : Number.POSITIVE_INFINITY;
    return this.#notices.between(state, older ? first : Math.min(first, state.eras[0]?.at ?? first), next);
  }

  /** Between the messages of a window, and behind its last as far as the next one. */
  async #changesOf(state: RoomState, { rows, older, newer }: WindowRows): Promise<readonly RoomChangeView[]> {
    const isHere = ({ room }: MessageRow): boolean => equal(room, state.id);
    const [first, last] = [rows[0], rows.findLast(({ n }) => n !== null)];
    if (newer && (last === undefined || !isHere(last))) return [];
    const from = older && first !== undefined && isHere(first) ? (first.n ?? 0) : 0;
    const to = newer ? ((await this.#after(rows))?.n ?? 0) : Number.POSITIVE_INFINITY;
    return changesBetween(this.#session.keys, state, [from, to]);
  }

  /** When the message after a window was written. */
  async #timeAfter(rows: readonly MessageRow[]): Promise<number> {
    const { at } = rows.findLast((row) => row.n !== null) as MessageRow;
    return (await this.#after(rows))?.at ?? at + 1;
  }

  /** The message after a window. */
  async #after(rows: readonly MessageRow[]): Promise<MessageRow | undefined> {
    const { room, n } = rows.findLast((row) => row.n !== null) as MessageRow;
    return (await new MessageRows(this.#session.history, room).newer((n ?? 0) + 1, 1))[0];
  }

  /** Messages that came or changed after a change number, over all the rooms given. */
  async changedAfter(rooms: readonly KeptRoom[], change: number): Promise<readonly MessageView[]> {
    const rows = await this.#session.history.query<MessageRow>(
      'SELECT * FROM message WHERE position > ? AND news = 1 ORDER BY position, n',
      [change],
    );
    return this.#shown(
      rooms.filter(({ hidden }) => !hidden),
      rows,
    );
  }

  /** One message of a room. Throws `not-found`. */
  async find(room: KeptRoom, id: string): Promise<MessageView> {
    const row = await new MessageRows(this.#session.history, room.state.id).byId(messageId(id));
    if (row === null) throw messageNotFound();
    const [view] = await this.#views.of(room.state, [row]);
    return view as MessageView;
  }

  async name(room: Uint8Array): Promise<{ readonly name: string; readonly topic: string } | null> {
    const [row] = await this.#session.history.query<{ name: string; topic: string }>(
      'SELECT name, topic FROM room_name WHERE room = ?',
      [room],
    );
    return row ?? null;
  }

  /** Messages of others after our own read mark. */
  async unread(room: Uint8Array): Promise<number> {
    const { identity, history } = this.#session;
    const [row] = await history.query<{ unread: number }>(
      `SELECT count(*) AS unread FROM message INDEXED BY message_theirs WHERE room = ? AND own = 0 AND deleted = 0
        AND n >= coalesce((SELECT read FROM receipt WHERE room = message.room AND author = ?), 0)`,
      [room, identity.fingerprint],
    );
    return row?.unread ?? 0;
  }

  /** How far a member says to have got: positions below these. */
  async receipt(room: Uint8Array, author: Uint8Array): Promise<{ readonly delivered: number; readonly read: number }> {
    const [row] = await this.#session.history.query<{ delivered: number; read: number }>(
      'SELECT delivered, read FROM receipt WHERE room = ? AND author = ?',
      [room, author],
    );
    return row ?? { delivered: 0, read: 0 };
  }

  /** Length of the log up to and including the newest message of somebody else; 0 if there is none. */
  async newestOfOthers(room: Uint8Array): Promise<number> {
    const [row] = await this.#session.history.query<{ n: number | null }>(
      'SELECT max(n) AS n FROM message INDEXED BY message_theirs WHERE room = ? AND own = 0',
      [room],
    );
    return row?.n == null ? 0 : row.n + 1;
  }

  async #firstUnread(room: Uint8Array): Promise<MessagePlace | null> {
    const { identity, history } = this.#session;
    const { read } = await this.receipt(room, identity.fingerprint);
    const [row] = await history.query<{ n: number }>(
      `SELECT n FROM message INDEXED BY message_theirs
        WHERE room = ? AND n >= ? AND own = 0 AND deleted = 0 ORDER BY n LIMIT 1`,
      [room, read],
    );
    return row === undefined ? null : { room: hex(room), n: row.n };
  }

  async #total(rooms: readonly KeptRoom[]): Promise<number> {
    const ids = rooms.map(({ state }) => state.id);
    const [row] = await this.#session.history.query<{ total: number | null }>(
      `SELECT sum(listed) AS total FROM search_coverage WHERE room IN (${placeholders(ids)})`,
      ids,
    );
    return row?.total ?? 0;
  }

  async #replies(rooms: readonly KeptRoom[], thread: Uint8Array): Promise<number> {
    const ids = rooms.map(({ state }) => state.id);
    const [row] = await this.#session.history.query<{ total: number }>(
      `SELECT count(*) AS total FROM message WHERE room IN (${placeholders(ids)}) AND thread = ?`,
      [...ids, thread],
    );
    return row?.total ?? 0;
  }

  #rowsOf(rooms: readonly KeptRoom[], thread: Uint8Array | null = null): readonly MessageRows[] {
    return rooms.map(({ state }) => new MessageRows(this.#session.history, state.id, thread));
  }

  /** In the order of the rows; those of a room that is not given are left out. */
  async #shown(rooms: readonly KeptRoom[], rows: readonly MessageRow[]): Promise<readonly MessageView[]> {
    const shown = new Map<MessageRow, MessageView>();
    for (const [id, ofRoom] of Map.groupBy(rows, ({ room }) => hex(room))) {
      const room = rooms.find(({ state }) => hex(state.id) === id);
      if (room === undefined) continue;
      const views = await this.#views.of(room.state, ofRoom);
      for (const [i, row] of ofRoom.entries()) shown.set(row, views[i] as MessageView);
    }
    return rows.flatMap((row) => shown.get(row) ?? []);
  }
}
