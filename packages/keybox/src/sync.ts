import { Fault, hex, parseHex } from '@sotto/bytes';
import type { Contacts } from './contacts.ts';
import { careForEras } from './era-care.ts';
import { KeyboxPeerFault } from './fault.ts';
import { flushRoom } from './flush.ts';
import type { History } from './history.ts';
import { queueJournal } from './journal.ts';
import { readMailbox } from './mailbox.ts';
import { roomsWithOutbox } from './outbox.ts';
import { project } from './projection.ts';
import { queueDelivered } from './receipts.ts';
import { roomsToReopen } from './reopen.ts';
import type { RoomReader } from './room-batch.ts';
import { readRooms } from './room-store.ts';
import { syncRoom } from './room-sync.ts';

export interface SyncResult {
  /** False if the server could not be reached; everything stays as it was. */
  readonly online: boolean;
  /** What single rooms were refused for; the others are up to date. */
  readonly faults: readonly Fault[];
  /** Why it is not online: `unreachable`, or `channel-broken` if somebody alters the connection. */
  readonly fault?: Fault;
}

/** Brings a device up to date in both directions. */
export class Sync {
  readonly #reader: RoomReader;
  readonly #contacts: Contacts;
  readonly #history: History;

  constructor(reader: RoomReader, { contacts, history }: { readonly contacts: Contacts; readonly history: History }) {
    this.#reader = reader;
    this.#contacts = contacts;
    this.#history = history;
  }

  async run(): Promise<SyncResult> {
    const { session } = this.#reader;
    await project(session);
    try {
      await this.#refreshSelf();
      await readMailbox(session, this.#contacts);
      const faults = await this.#syncRooms();
      faults.push(...(await careForEras(this.#reader, (fault) => isOffline(fault) || isForAccount(fault))));
      await project(session);
      for (const room of await readRooms(session.keys)) {
        if (!room.hidden) await queueDelivered(this.#reader, this.#history, room);
      }
      await queueJournal(this.#reader);
      return { online: true, faults: [...faults, ...(await this.flushAll())] };
    } catch (cause) {
      if (isOffline(cause)) return { online: false, faults: [], fault: cause };
      throw cause;
    } finally {
      await project(session);
    }
  }

  /** Sends everything that is due; a room that refuses does not stop the others. Throws `unreachable`. */
  async flushAll(): Promise<readonly Fault[]> {
    const faults: Fault[] = [];
    for (const room of await roomsWithOutbox(this.#reader)) {
      try {
        await flushRoom(this.#reader, room);
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.blame === 'bug' || isOffline(cause)) throw cause;
        faults.push(cause);
      }
    }
    await project(this.#reader.session);
    return faults;
  }

  /** Sends what is queued for one room; false if the server is out of reach, and it stays queued. */
  async flush(room: Uint8Array): Promise<boolean> {
    const { session } = this.#reader;
    await project(session);
    try {
      await flushRoom(this.#reader, room);
      return true;
    } catch (cause) {
      if (isOffline(cause)) return false;
      throw cause;
    } finally {
      await project(session);
    }
  }

  /** Our own chain first: a server that shows it shorter, or not for a day, is believed in nothing. */
  async #refreshSelf(): Promise<void> {
    const { fingerprint, address } = this.#reader.session.identity;
    await this.#reader.chains.refresh(fingerprint, address);
    await this.#reader.chains.fresh(fingerprint, address);
  }

  async #syncRooms(): Promise<Fault[]> {
    const { keys, link } = this.#reader.session;
    const faults: Fault[] = [];
    const kept = new Map((await readRooms(keys)).map((room) => [hex(room.state.id), room]));
    const listed: { room: Uint8Array; length: number }[] = [];
    for (;;) {
      const { rooms } = await link.call('rooms.list', { after: listed.at(-1)?.room ?? null });
      if (rooms.length === 0) break;
      if (rooms.some(({ room }) => listed.some((other) => hex(other.room) === hex(room)))) {
        throw new KeyboxPeerFault('answer-malformed', 'the server repeats rooms');
      }
      listed.push(...rooms);
    }
    const missing = [...kept.keys()].filter((id) => !listed.some(({ room }) => hex(room) === id)).map(parseHex);
    const changed = listed
      .filter(({ room, length }) => kept.get(hex(room))?.state.length !== length)
      .map(({ room }) => room);
    const behind = new Map([...missing, ...changed, ...(await roomsToReopen(this.#reader))].map((id) => [hex(id), id]));
    for (const id of behind.values()) {
      try {
        await syncRoom(this.#reader, id);
      } catch (cause) {
        if (!(cause instanceof Fault) || cause.blame === 'bug' || isOffline(cause) || isUseless(cause)) throw cause;
        faults.push(cause);
      }
    }
    const [contradiction] = faults.filter(isForAccount);
    if (contradiction !== undefined) throw contradiction;
    return faults;
  }
}

function isOffline(cause: unknown): cause is Fault {
  return cause instanceof Fault && (cause.code === 'unreachable' || cause.code === 'channel-broken');
}

/** What concerns the whole account: nothing is sent any more. */
function isForAccount(cause: Fault): boolean {
  return ['rollback', 'split-view'].includes(cause.code) || isUseless(cause);
}

/** What would meet every other room as well. */
function isUseless({ code }: Fault): boolean {
  return ['clock-skew', 'device-revoked', 'disk-full'].includes(code);
}
