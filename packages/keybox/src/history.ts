import { hex, parseHex } from '@sotto/bytes';
import type { Chain, RoomState } from '@sotto/protocol';
import type { Chains } from './chains.ts';
import { KeyboxUsageFault } from './fault.ts';
import { messageFile } from './files/file-history.ts';
import type { KeptRoom } from './room-store.ts';
import type { Session } from './session.ts';
import type { MessageState, MessageView } from './views.ts';

/** What was said, as it is shown: read from the `history` part alone. */
export class History {
  readonly #session: Session;
  readonly #chains: Chains;

  constructor(session: Session, chains: Chains) {
    this.#session = session;
    this.#chains = chains;
  }

  /** Messages of a room in the order of its log, the queued ones last. */
  async list({ state }: KeptRoom, after: number | null): Promise<readonly MessageView[]> {
    const rows = await this.#session.history.query<MessageRow>(
      'SELECT * FROM message WHERE room = ? AND (n IS NULL OR n > ?) ORDER BY n IS NULL, n, position',
      [state.id, after ?? -1],
    );
    return this.#views(state, rows);
  }

  /** Messages that came or changed after a change number, over all the rooms given. */
  async changedAfter(rooms: readonly KeptRoom[], change: number): Promise<readonly MessageView[]> {
    const rows = await this.#session.history.query<MessageRow>(
      'SELECT * FROM message WHERE position > ? AND news = 1 ORDER BY position, n',
      [change],
    );
    const views: MessageView[] = [];
    for (const row of rows) {
      const room = rooms.find(({ state }) => hex(state.id) === hex(row.room));
      if (room !== undefined && !room.hidden) views.push(...(await this.#views(room.state, [row])));
    }
    return views;
  }

  /** One message. Throws `not-found`. */
  async find({ state }: KeptRoom, id: string): Promise<MessageView & { readonly authorFingerprint: Uint8Array }> {
    const [row] = /^[0-9a-f]{32}$/.test(id)
      ? await this.#session.history.query<MessageRow>('SELECT * FROM message WHERE room = ? AND id = ?', [
          state.id,
          parseHex(id),
        ])
      : [];
    if (row === undefined) throw new KeyboxUsageFault('not-found', 'no message of that id is in the room');
    const [view] = await this.#views(state, [row]);
    return { ...(view as MessageView), authorFingerprint: row.author };
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
      `SELECT count(*) AS unread FROM message WHERE room = ? AND author <> ? AND deleted = 0 AND n >=
        coalesce((SELECT read FROM receipt WHERE room = message.room AND author = ?), 0)`,
      [room, identity.fingerprint, identity.fingerprint],
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
    const { identity, history } = this.#session;
    const [row] = await history.query<{ n: number | null }>(
      'SELECT max(n) AS n FROM message WHERE room = ? AND author <> ?',
      [room, identity.fingerprint],
    );
    return row?.n == null ? 0 : row.n + 1;
  }

  /** Why the server did not take a record that still stands in the outbox. */
  async #refusedAs(id: Uint8Array): Promise<string | null> {
    const [row] = await this.#session.keys.query<{ code: string | null }>('SELECT code FROM outbox WHERE id = ?', [id]);
    return row?.code ?? null;
  }

  async #views(state: RoomState, rows: readonly MessageRow[]): Promise<MessageView[]> {
    const { history, identity } = this.#session;
    const marks = await history.query<Mark>(
      'SELECT author, delivered, read FROM receipt WHERE room = ? AND author <> ?',
      [state.id, identity.fingerprint],
    );
    const views: MessageView[] = [];
    for (const row of rows) {
      const chain = await this.#chains.known(row.author);
      const reactions = await history.query<{ author: Uint8Array; text: string }>(
        'SELECT author, text FROM reaction WHERE room = ? AND id = ? ORDER BY rowid',
        [row.room, row.id],
      );
      const file = await messageFile(history, row);
      const own = hex(row.author) === hex(identity.fingerprint);
      views.push({
        id: hex(row.id),
        n: row.n,
        room: hex(row.room),
        author: addressOf(state, chain, row.author),
        device: chain?.devices.get(hex(row.device))?.name ?? hex(row.device),
        at: row.at,
        text: row.text,
        state: messageState(row, own ? marks : null),
        edited: row.edited !== 0,
        reactions: reactions.map(({ author, text }) => ({ author: addressOf(state, null, author), text })),
        code: row.n === null ? await this.#refusedAs(row.id) : row.code,
        ...(file === null ? {} : { file }),
      });
    }
    return views;
  }
}

interface MessageRow {
  readonly room: Uint8Array;
  readonly id: Uint8Array;
  readonly n: number | null;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  readonly at: number;
  readonly text: string;
  readonly edited: number;
  readonly deleted: number;
  readonly code: string | null;
}

interface Mark {
  readonly author: Uint8Array;
  readonly delivered: number;
  readonly read: number;
}

/** An own message is delivered, or read, as soon as one other member's receipt covers it. */
function messageState({ n, deleted, code }: MessageRow, marks: readonly Mark[] | null): MessageState {
  if (deleted !== 0) return 'deleted';
  if (code !== null) return 'undecryptable';
  if (marks === null) return 'received';
  if (n === null) return 'queued';
  if (marks.some(({ read }) => read > n)) return 'read';
  return marks.some(({ delivered }) => delivered > n) ? 'delivered' : 'accepted';
}

function addressOf(state: RoomState, chain: Chain | null, fingerprint: Uint8Array): MessageView['author'] {
  const address = state.people[hex(fingerprint)] ?? chain?.address;
  if (address === undefined) throw new KeyboxUsageFault('not-found', 'a message of somebody who never was a member');
  return address;
}
