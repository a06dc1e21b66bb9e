import { Fault, hex, parseHex } from '@sotto/bytes';
import { project } from '../projection/project.ts';
import type { RoomReader } from '../room-batch.ts';
import { type KeptRoom, knownLength, readRoom, readRooms } from '../room-store.ts';
import { fetchArchive, showRoom } from '../room-sync.ts';
import { isOffline, type SyncResult } from '../sync.ts';
import type { Turns } from '../turns.ts';
import type { SyncOptions } from './progress.ts';

/** How much of the rooms' logs is judged and kept here. */
export interface ArchiveView {
  readonly rooms: number;
  readonly roomsDone: number;
  readonly entries: number;
  readonly entriesDone: number;
  /** Rooms that lack something, newest first. */
  readonly open: readonly { readonly room: string; readonly entries: number; readonly entriesDone: number }[];
}

/** What lies below the newest entries of the rooms, fetched page by page while other work goes on. */
export class Archive {
  readonly #reader: RoomReader;
  readonly #turns: Turns;
  /** Rooms somebody waits for, in hexadecimal. */
  readonly #wanted = new Set<string>();

  constructor(reader: RoomReader, turns: Turns) {
    this.#reader = reader;
    this.#turns = turns;
  }

  async status(): Promise<ArchiveView> {
    const rooms = (await readRooms(this.#reader.session.keys)).filter(({ hidden }) => !hidden);
    const sum = (of: (room: KeptRoom) => number): number => rooms.reduce((so, room) => so + of(room), 0);
    return {
      rooms: rooms.length,
      roomsDone: rooms.filter(({ ahead }) => ahead === null).length,
      entries: sum(knownLength),
      entriesDone: sum(({ judged }) => judged.length),
      open: newestFirst(rooms).map((room) => ({
        room: hex(room.state.id),
        entries: knownLength(room),
        entriesDone: room.judged.length,
      })),
    };
  }

  /** Whether a room lacks something. */
  async isOpen(): Promise<boolean> {
    return (await this.#reader.session.keys.query('SELECT 1 FROM ahead LIMIT 1')).length > 0;
  }

  /**
   * Puts a room before all others: shows its newest messages if they are not yet known, and lets its archive come next.
   * Throws `unreachable`, and what the room is refused for.
   */
  async need(id: string): Promise<void> {
    this.#wanted.add(id);
    await this.#turns.run(async () => {
      const room = await readRoom(this.#reader.session.keys, parseHex(id));
      if (room !== null) return;
      const listed = await listedRoom(this.#reader, id);
      if (listed !== null) await showRoom(this.#reader, listed);
      await project(this.#reader.session);
    });
  }

  /**
   * Fetches what the rooms lack until nothing is left or the signal aborts, one page a turn, so that other work goes on
   * between.
   */
  async fetch({ onProgress, signal }: Pick<SyncOptions, 'onProgress' | 'signal'> = {}): Promise<SyncResult> {
    const refused = new Map<string, Fault>();
    const faults = (): readonly Fault[] => [...refused.values()];
    try {
      while (signal?.aborted !== true) {
        const room = await this.#turns.run(() => this.#step(refused));
        if (room === null) break;
        if (onProgress === undefined) continue;
        const { entries, entriesDone } = await this.status();
        onProgress({ phase: 'archive', done: entriesDone, total: entries, room });
      }
      return { online: true, faults: faults() };
    } catch (cause) {
      if (!isOffline(cause)) throw cause;
      return { online: false, faults: faults(), fault: cause };
    }
  }

  /** The room of which a page was fetched; null if none lacks anything. */
  async #step(refused: Map<string, Fault>): Promise<string | null> {
    const open = newestFirst(await readRooms(this.#reader.session.keys));
    const due = open.filter(({ state }) => !refused.has(hex(state.id)));
    const isWanted = ({ state }: KeptRoom): boolean => this.#wanted.has(hex(state.id));
    const room = due.find(isWanted) ?? due.find(({ judged }) => judged.length === 0) ?? due[0];
    if (room === undefined) return null;
    const id = hex(room.state.id);
    try {
      const now = await fetchArchive(this.#reader, room.state.id);
      if (now?.ahead == null) this.#wanted.delete(id);
    } catch (cause) {
      if (!(cause instanceof Fault) || cause.blame === 'bug' || cause.blame === 'usage' || isOffline(cause))
        throw cause;
      refused.set(id, cause);
    } finally {
      await project(this.#reader.session);
    }
    return id;
  }
}

function newestFirst(rooms: readonly KeptRoom[]): readonly KeptRoom[] {
  return rooms
    .filter(({ ahead }) => ahead !== null)
    .toSorted((left, right) => (right.ahead?.at ?? 0) - (left.ahead?.at ?? 0));
}

async function listedRoom({ session }: RoomReader, id: string) {
  for (let after: Uint8Array | null = null; ; ) {
    const { rooms }: Awaited<ReturnType<typeof session.link.call<'rooms.list'>>> = await session.link.call(
      'rooms.list',
      {
        after,
      },
    );
    const found = rooms.find(({ room }) => hex(room) === id);
    if (found !== undefined || rooms.length === 0) return found ?? null;
    after = rooms.at(-1)?.room ?? null;
  }
}
