import { hex, parseHex } from '@sotto/bytes';
import type { Address } from '@sotto/protocol';
import { KeyboxUsageFault } from '../fault.ts';
import { logKey } from '../key-log.ts';
import type { RoomReader } from '../room-batch.ts';
import { type KeptRoom, readRoom, readRooms } from '../room-store.ts';
import { syncRoom } from '../room-sync.ts';
import type { Sync } from '../sync.ts';
import type { Turns } from '../turns.ts';
import { answerRequest } from './answer.ts';
import { askForKeys } from './care.ts';
import { type KeyRequest, type KeyRequestState, readRequests, setRequestState } from './store.ts';

export interface KeyRequestView {
  /** Hexadecimal, as `approve` and `deny` take it. */
  readonly id: string;
  readonly room: string;
  readonly eras: readonly number[];
  readonly author: Address | null;
  /** True if this account asked. */
  readonly own: boolean;
  /** Milliseconds since the epoch, by the clock of who asked. */
  readonly at: number;
  readonly state: KeyRequestState;
}

/** What members ask of each other: keys of eras that they may read and could not open. */
export class KeyRequests {
  readonly #reader: RoomReader;
  readonly #sync: Sync;
  readonly #turns: Turns;

  constructor(reader: RoomReader, { sync, turns }: { readonly sync: Sync; readonly turns: Turns }) {
    this.#reader = reader;
    this.#sync = sync;
    this.#turns = turns;
  }

  /** What this account asked and what others ask of it, oldest first. */
  async list(): Promise<readonly KeyRequestView[]> {
    const { keys, identity } = this.#reader.session;
    const rooms = new Map((await readRooms(keys)).map((room) => [hex(room.state.id), room]));
    const views = new Map<string, KeyRequestView>();
    for (const { room, id, era, author, at, state } of await readRequests(keys)) {
      const name = `${hex(room)}/${hex(id)}/${state}`;
      const address = rooms.get(hex(room))?.state.people[hex(author)] ?? null;
      const own = hex(author) === hex(identity.fingerprint);
      const eras = [...(views.get(name)?.eras ?? []), era];
      views.set(name, { id: hex(id), room: hex(room), eras, author: address, own, at, state });
    }
    return [...views.values()];
  }

  /** Gives what was asked for. Throws `not-found`, and why whoever asked may not have it. */
  async approve(id: string): Promise<void> {
    await this.#turns.run(async () => {
      const requests = await this.#find(id);
      const room: KeptRoom = await syncRoom(this.#reader, (requests[0] as KeyRequest).room);
      for (const request of requests) await answerRequest(this.#reader, room, request);
      await this.#sync.flush(room.judged.id);
    });
  }

  /** Gives nothing, now or later. Throws `not-found`. */
  async deny(id: string): Promise<void> {
    const { keys, clock } = this.#reader.session;
    await this.#turns.run(async () => {
      for (const request of await this.#find(id)) {
        const entry = { event: 'key-request/denied', room: hex(request.room), era: request.era } as const;
        await keys.apply([setRequestState(request, 'denied'), logKey(clock, entry)]);
      }
    });
  }

  /**
   * Asks the members of a room once more for the keys that its messages wait for, however often that was in vain. Returns
   * the eras of which a key is asked for now.
   */
  async ask(room: string): Promise<readonly number[]> {
    return this.#turns.run(async () => {
      const kept = await readRoom(this.#reader.session.keys, parseHex(room));
      if (kept === null) throw new KeyboxUsageFault('not-found', 'no room of that id is here');
      const eras = await askForKeys(this.#reader, kept, { anew: true });
      await this.#sync.flush(kept.judged.id);
      return eras;
    });
  }

  async #find(id: string): Promise<readonly KeyRequest[]> {
    const { keys, identity } = this.#reader.session;
    const found = (await readRequests(keys)).filter(
      (request) =>
        /^[0-9a-f]{8,32}$/.test(id) &&
        hex(request.id).startsWith(id) &&
        request.state === 'open' &&
        hex(request.author) !== hex(identity.fingerprint),
    );
    if (found.length === 0) throw new KeyboxUsageFault('not-found', 'no open request of others has that id');
    if (new Set(found.map((request) => hex(request.id))).size > 1) {
      throw new KeyboxUsageFault('ambiguous', 'several requests begin so; give more digits');
    }
    return found;
  }
}
