import { hex, parseHex } from '@sotto/bytes';
import type { RoomMarkName } from '@sotto/protocol';
import { enqueue } from '../outbox.ts';
import type { RoomReader } from '../room-batch.ts';
import { readRoom } from '../room-store.ts';
import { roomNotFound } from '../rooms.ts';
import type { Sync } from '../sync.ts';
import type { Turns } from '../turns.ts';
import type { DraftView } from '../views.ts';
import { type NewDraft, queueDraft } from './drafts.ts';
import { readDrafts } from './store.ts';

/** What the account notes on its rooms for itself: its devices share it, nobody else learns of it. */
export class RoomNotes {
  readonly #reader: RoomReader;
  readonly #sync: Sync;
  readonly #turns: Turns;

  constructor(reader: RoomReader, { sync, turns }: { readonly sync: Sync; readonly turns: Turns }) {
    this.#reader = reader;
    this.#sync = sync;
    this.#turns = turns;
  }

  async pin(room: string, on: boolean): Promise<void> {
    await this.#mark(room, { mark: 'pin', set: on, until: null });
  }

  /** Until a time, in milliseconds since the epoch, or for good; null ends it. */
  async mute(room: string, until: number | 'forever' | null): Promise<void> {
    await this.#mark(room, { mark: 'mute', set: until !== null, until: until === 'forever' ? null : until });
  }

  async archive(room: string, on: boolean): Promise<void> {
    await this.#mark(room, { mark: 'archive', set: on, until: null });
  }

  /** Null if nothing was begun. */
  async draft(room: string): Promise<DraftView | null> {
    const id = await this.#room(room);
    const row = (await readDrafts(this.#reader.session.history, [id])).get(hex(id));
    if (row === undefined || (row.text === '' && row.reply_to === null)) return null;
    return { text: row.text, replyTo: row.reply_to === null ? null : hex(row.reply_to), at: row.at };
  }

  /**
   * Keeps what is being written, for all devices; an empty text clears it, and so does sending. The later one counts.
   * Each call that changes something is a record: call it when somebody pauses or leaves, not at each key.
   */
  async setDraft(room: string, draft: NewDraft): Promise<void> {
    const id = await this.#room(room);
    await this.#turns.run(async () => {
      if (await queueDraft(this.#reader, id, draft)) await this.#sync.flush(this.#accountRoom);
    });
  }

  async #mark(
    room: string,
    content: { readonly mark: RoomMarkName; readonly set: boolean; readonly until: number | null },
  ): Promise<void> {
    const id = await this.#room(room);
    await this.#turns.run(async () => {
      const noted = { kind: 'room-mark', content: { room: id, ...content }, class: 'quiet' } as const;
      await enqueue(this.#reader, this.#accountRoom, noted);
      await this.#sync.flush(this.#accountRoom);
    });
  }

  /** Throws `not-found`. */
  async #room(room: string): Promise<Uint8Array> {
    const kept = /^[0-9a-f]{64}$/.test(room) ? await readRoom(this.#reader.session.keys, parseHex(room)) : null;
    if (kept === null) throw roomNotFound(room);
    return kept.state.id;
  }

  get #accountRoom(): Uint8Array {
    return this.#reader.session.identity.accountRoom;
  }
}
