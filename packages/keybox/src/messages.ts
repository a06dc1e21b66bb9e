import { hex, parseHex, utf8 } from '@sotto/bytes';
import { type BodyKind, type Chain, isAdmin, ProtocolPolicyFault } from '@sotto/protocol';
import { sealContainerFor } from './containers.ts';
import { standsFor } from './directs.ts';
import { KeyboxUsageFault } from './fault.ts';
import type { History } from './history.ts';
import { dropIntended, listIntended } from './intentions.ts';
import { readCounter } from './meta.ts';
import { type Draft, dropRecord, enqueue, listQueued } from './outbox.ts';
import { CHANGES } from './projection/project.ts';
import { queueRead } from './receipts.ts';
import type { RoomReader } from './room-batch.ts';
import { type KeptRoom, readRoom, readRooms } from './room-store.ts';
import { syncRoom } from './room-sync.ts';
import type { Sync } from './sync.ts';
import { Turns } from './turns.ts';
import type { MessageState, MessageView, OutboxView } from './views.ts';

/** What a change of a message answers with. */
export interface Sent {
  readonly id: string;
  readonly state: MessageState;
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
    { key, replyTo }: { readonly key?: string; readonly replyTo?: string },
  ): Promise<Sent> {
    const target = replyTo === undefined ? null : parseHex(replyTo);
    const content = { text, format: 'plain', replyTo: target, thread: null, mentions: [] } as const;
    const id = await this.enqueue(state.id, { kind: 'message', content, ...(key === undefined ? {} : { key }) });
    return this.sent(state.id, hex(id));
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

  async markRead(room: KeptRoom, upTo: number | null): Promise<void> {
    const n = upTo ?? (await this.#history.newestOfOthers(room.state.id)) - 1;
    if (n < 0) return;
    await this.#turns.run(async () => {
      await queueRead(this.#reader, this.#history, { room: await this.#judged(room), n });
      await this.#sync.flush(room.state.id);
    });
  }

  async list(room: KeptRoom, after: number | null): Promise<readonly MessageView[]> {
    const own = await this.#history.list(room, after);
    if (room.state.type !== 'direct' || after !== null) return own;
    const earlier: MessageView[] = [];
    for (const past of standsFor(await readRooms(this.#reader.session.keys), room)) {
      earlier.push(...(await this.#history.list(past, null)));
    }
    return [...earlier, ...own];
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
