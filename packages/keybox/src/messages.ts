import { hex, parseHex, utf8 } from '@sotto/bytes';
import { type BodyKind, type Chain, isAdmin, ProtocolPolicyFault } from '@sotto/protocol';
import { standsFor } from './directs.ts';
import { KeyboxUsageFault } from './fault.ts';
import type { History } from './history.ts';
import { dropIntended, listIntended } from './intentions.ts';
import { readCounter } from './meta.ts';
import { type Draft, dropRecord, enqueue, listQueued } from './outbox.ts';
import { CHANGES } from './projection/project.ts';
import { queueRead } from './receipts.ts';
import type { RoomReader } from './room-batch.ts';
import { queueDraft } from './room-notes/drafts.ts';
import { type KeptRoom, readRoom, readRooms } from './room-store.ts';
import { syncRoom } from './room-sync.ts';
import type { Sync } from './sync.ts';
import { mentionsIn } from './timeline/mentions.ts';
import { type MessagePage, type MessageWindow, messageId, messageNotFound } from './timeline/window.ts';
import { Turns } from './turns.ts';
import type { MessageState, MessageView, OutboxView } from './views.ts';

/** What a change of a message answers with. */
export interface Sent {
  readonly id: string;
  readonly state: MessageState;
}

export interface SendOptions {
  /** The same key never sends twice in a room. */
  readonly key?: string;
  /** Id of the message, drawn by whoever shows it before it is queued: 32 random hexadecimal digits. */
  readonly id?: string;
  /** Id of the message that it answers. */
  readonly replyTo?: string;
  /** Id of the message that began the thread. */
  readonly thread?: string;
}

/** What is said: queued at once, sent in turn, read from the history. */
export class Messages {
  readonly #reader: RoomReader;
  readonly #history: History;
  readonly #sync: Sync;
  readonly #turns: Turns;
  /** What is queued is durable at once, whatever else is going on. */
  readonly #queue = new Turns();

  constructor(
    reader: RoomReader,
    { history, sync, turns }: { readonly history: History; readonly sync: Sync; readonly turns: Turns },
  ) {
    this.#reader = reader;
    this.#history = history;
    this.#sync = sync;
    this.#turns = turns;
  }

  async send(
    { state }: KeptRoom,
    text: string,
    { key, id: chosen, replyTo, thread, forwarded }: SendOptions & { readonly forwarded?: true },
  ): Promise<Sent> {
    const content = {
      text,
      format: 'plain',
      replyTo: replyTo === undefined ? null : messageId(replyTo),
      thread: thread === undefined ? null : messageId(thread),
      mentions: mentionsIn(text, state),
      ...(forwarded === undefined ? {} : { forwarded }),
    } as const;
    const id = await this.enqueue(state.id, {
      kind: 'message',
      content,
      ...(key === undefined ? {} : { key }),
      ...(chosen === undefined ? {} : { id: messageId(chosen) }),
    });
    const isDrafted = forwarded === undefined && (await this.#clearDraft(state.id));
    const sent = await this.sent(state.id, hex(id));
    if (isDrafted) await this.#turns.run(() => this.#sync.flush(this.#reader.session.identity.accountRoom));
    return sent;
  }

  /** Sends the text of a message on to another room, marked as such and without its author. */
  async forward(from: KeptRoom, id: string, to: KeptRoom): Promise<Sent> {
    const { text, file } = await this.#history.find(from, id);
    if (file !== undefined || text === '')
      throw new KeyboxUsageFault('not-found', 'only texts are sent on: fetch the file and send it');
    return this.send(to, text, { forwarded: true });
  }

  async edit(room: KeptRoom, id: string, text: string): Promise<Sent> {
    const target = await this.#history.find(room, id);
    if (target.file !== undefined)
      throw new ProtocolPolicyFault('role-insufficient', 'a file is not edited: send another version');
    if (target.author !== this.#reader.session.identity.address) {
      throw new ProtocolPolicyFault('role-insufficient', 'only its author edits a message');
    }
    await this.enqueue(room.state.id, { kind: 'edit', content: { target: parseHex(id), text } });
    return this.sent(room.state.id, id);
  }

  async delete(room: KeptRoom, id: string): Promise<Sent> {
    const { identity } = this.#reader.session;
    const target = await this.#history.find(room, id);
    const own = room.state.members[hex(identity.fingerprint)];
    if (target.author !== identity.address && (own === undefined || !isAdmin(own.role))) {
      throw new ProtocolPolicyFault('role-insufficient', 'a message is deleted by its author or an admin');
    }
    const drops = target.n === null ? [] : [target.n];
    await this.enqueue(room.state.id, { kind: 'delete', content: { target: parseHex(id) }, drops });
    return this.sent(room.state.id, id);
  }

  async react(room: KeptRoom, id: string, text: string): Promise<Sent> {
    await this.#history.find(room, id);
    await this.enqueue(room.state.id, { kind: 'reaction', content: { target: parseHex(id), text } });
    return this.sent(room.state.id, id);
  }

  /** Takes an own reaction back; one that is not there is none. */
  async unreact(room: KeptRoom, id: string, text: string): Promise<Sent> {
    await this.#history.find(room, id);
    const { history, identity } = this.#reader.session;
    const records = await history.query<{ record: Uint8Array }>(
      'SELECT record FROM reaction WHERE room = ? AND id = ? AND author = ? AND text = ? AND taken = 0',
      [room.state.id, parseHex(id), identity.fingerprint, text],
    );
    for (const { record } of records)
      await this.enqueue(room.state.id, { kind: 'delete', content: { target: record } });
    return this.sent(room.state.id, id);
  }

  async markRead(room: KeptRoom, upTo: number | null): Promise<void> {
    const n = upTo ?? (await this.#history.newestOfOthers(room.state.id)) - 1;
    if (n < 0) return;
    await this.#turns.run(async () => {
      await queueRead(this.#reader, this.#history, { room: await this.#judged(room), n });
      await this.#sync.flush(room.state.id);
    });
  }

  async list(room: KeptRoom, after: number | null): Promise<readonly MessageView[]> {
    return this.#history.list(await this.#before(room), after);
  }

  async page(room: KeptRoom, window: MessageWindow): Promise<MessagePage> {
    return this.#history.page(await this.#before(room), window);
  }

  async show(room: KeptRoom, id: string): Promise<MessageView> {
    return this.#history.find(room, id);
  }

  /** Asks the server once more for what could not be opened; null if it is nothing that is shown. */
  async retry(room: KeptRoom, id: string): Promise<MessageView | null> {
    const { n } = await this.#history.find(room, id);
    if (n === null) throw messageNotFound();
    await this.#turns.run(async () => {
      await syncRoom(this.#reader, room.state.id);
      await this.#sync.flush(room.state.id);
    });
    // What opens bears its own id.
    const place = { room: hex(room.state.id), n };
    const { messages } = await this.#history.page([room], { around: place, limit: 1 });
    return messages.find((message) => message.n === n) ?? null;
  }

  async changes(cursor: number): Promise<{ readonly messages: readonly MessageView[]; readonly cursor: number }> {
    const { history, keys } = this.#reader.session;
    const now = await readCounter(history, CHANGES);
    if (cursor < 0) return { messages: [], cursor: now };
    return { messages: await this.#history.changedAfter(await readRooms(keys), cursor), cursor: now };
  }

  async container(room: KeptRoom, id: string): Promise<Uint8Array> {
    return this.#turns.run(async () => {
      const { text } = await this.#history.find(room, id);
      const readers: Chain[] = [];
      const { judged } = await this.#judged(room);
      for (const { fingerprint, address } of Object.values(judged.members)) {
        readers.push(await this.#reader.chains.fresh(fingerprint, address));
      }
      const { sealContainerFor } = await import('./containers.ts');
      return sealContainerFor(this.#reader.session, { readers, certificates: [], content: utf8(text) });
    });
  }

  async outbox(): Promise<readonly OutboxView[]> {
    return [...(await listQueued(this.#reader)), ...(await listIntended(this.#reader))];
  }

  async drop(id: string): Promise<void> {
    if (!/^[0-9a-f]{32}$/.test(id)) throw new KeyboxUsageFault('not-found', 'nothing of that id is in the outbox');
    await this.#turns.run(async () => {
      if (await dropIntended(this.#reader, id)) return;
      await dropRecord(this.#reader, parseHex(id));
      const parameters = [parseHex(id)];
      await this.#reader.session.history.apply([
        { sql: 'DELETE FROM message WHERE id = ? AND n IS NULL', parameters },
        { sql: 'DELETE FROM file WHERE id = ? AND n IS NULL', parameters },
      ]);
    });
  }

  async flush(): Promise<{ readonly sent: number; readonly left: number }> {
    return this.#turns.run(async () => {
      const before = (await this.outbox()).length;
      const [fault] = await this.#sync.flushAll();
      const left = (await this.outbox()).length;
      if (fault !== undefined && left === before) throw fault;
      return { sent: before - left, left };
    });
  }

  /** Puts a record into the outbox; its id. */
  enqueue<Kind extends BodyKind>(room: Uint8Array, draft: Draft<Kind>): Promise<Uint8Array> {
    return this.#queue.run(() => enqueue(this.#reader, room, draft));
  }

  /** What was begun here is said now. */
  #clearDraft(room: Uint8Array): Promise<boolean> {
    return this.#queue.run(() => queueDraft(this.#reader, room, { text: '' }));
  }

  /** A direct room after those of the same two people that it stands for. */
  async #before(room: KeptRoom): Promise<readonly KeptRoom[]> {
    if (room.state.type !== 'direct') return [room];
    return [...standsFor(await readRooms(this.#reader.session.keys), room), room];
  }

  /** The room with everything judged that is known of it. Throws `unreachable` where something is left to fetch. */
  async #judged(room: KeptRoom): Promise<KeptRoom> {
    return room.ahead === null ? room : syncRoom(this.#reader, room.state.id);
  }

  /** Sends what is queued for a room, and says what became of one of its messages. */
  async sent(id: Uint8Array, message: string): Promise<Sent> {
    const online = await this.#turns.run(() => this.#sync.flush(id));
    const room = (await readRoom(this.#reader.session.keys, id)) as KeptRoom;
    const { state } = await this.#history.find(room, message);
    return { id: message, state: online ? state : 'queued' };
  }
}
