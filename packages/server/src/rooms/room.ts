import { BugFault, type CborValue, decodeCbor, encodeCbor, hex } from '@sotto/bytes';
import type { RoomState } from '@sotto/protocol';
import { notFound } from '../accounts/accounts.ts';
import { perStore, RecentMap } from '../store/memory.ts';
import { isUnavailable, type Store } from '../store/store.ts';

/** A room as the server holds it. */
export interface Room {
  /** Its row in the store. */
  readonly rowId: number;
  /** The state after its newest entry; of the eras' tables the one in force alone. */
  readonly state: RoomState;
  /** When the server took the era in force. */
  readonly eraAt: number;
  /** The life of the data in which its log was last found complete. */
  readonly incarnation: number;
}

/**
 * Runs `change` alone for this room and keeps what it returns as the room's newest state. If it throws, the room is
 * what it was. Throws `not-found` for a room that is not there.
 */
export async function changeRoom<Result>(
  store: Store,
  id: Uint8Array,
  change: (room: Room) => Promise<{ readonly room: Room; readonly result: Result }>,
): Promise<Result> {
  return changeRoomIfAny(store, id, async (room) => {
    if (room === null) throw notFound();
    return change(room);
  });
}

/** The same, for a room that may not be there yet: null then. */
export async function changeRoomIfAny<Result>(
  store: Store,
  id: Uint8Array,
  change: (room: Room | null) => Promise<{ readonly room: Room; readonly result: Result }>,
): Promise<Result> {
  const key = hex(id);
  return inTurn(store, key, async () => {
    const { room, result } = await attempt(store, key, async () => change(await readRoom(store, id)));
    rooms(store).set(key, room);
    return result;
  });
}

/** A change under which the database broke away may have been committed: what is kept of the room says nothing. */
async function attempt<Result>(store: Store, key: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (cause) {
    if (isUnavailable(cause)) rooms(store).delete(key);
    throw cause;
  }
}

/** The room by its id; null if there is none. */
async function readRoom(store: Store, id: Uint8Array): Promise<Room | null> {
  const kept = rooms(store);
  const known = kept.get(hex(id));
  if (known !== undefined) return known;
  const row = await store.read((database) =>
    database
      .selectFrom('rooms')
      .select(['id', 'state', 'era_at', 'incarnation'])
      .where('room', '=', id)
      .executeTakeFirst(),
  );
  if (row === undefined) return null;
  const state = decodeCbor(row.state, MAX_STATE_BYTES) as unknown as RoomState;
  return { rowId: row.id, state, eraAt: row.era_at, incarnation: row.incarnation };
}

/** The state as the store keeps it. */
export function encodeState(state: RoomState): Uint8Array {
  const bytes = encodeCbor(state as unknown as CborValue);
  if (bytes.length > MAX_STATE_BYTES) throw new BugFault('a room state beyond its bound');
  return bytes;
}

/** The tables of past eras are the readers' matter, who have the log: the next entry is judged by the one in force. */
export function compactState(state: RoomState): RoomState {
  const past = state.eras.slice(0, -1).map((era) => (era.rows.length === 0 ? era : { ...era, rows: [] }));
  return { ...state, eras: [...past, ...state.eras.slice(-1)] };
}

/** One change of a room at a time; other rooms go their own way. */
async function inTurn<Result>(store: Store, key: string, work: () => Promise<Result>): Promise<Result> {
  const queues = turns(store);
  const before = queues.get(key) ?? Promise.resolve();
  const mine = before.then(work);
  const settled = mine.then(
    () => undefined,
    () => undefined,
  );
  queues.set(key, settled);
  try {
    return await mine;
  } finally {
    if (queues.get(key) === settled) queues.delete(key);
  }
}

const rooms = perStore(() => new RecentMap<string, Room>(MAX_KEPT_ROOMS));
const turns = perStore(() => new Map<string, Promise<void>>());

const MAX_KEPT_ROOMS = 5_000;
/** A thousand members with their devices and the table in force stay below 1 MiB; an era that is past has 300 bytes. */
const MAX_STATE_BYTES = 16 * 1024 * 1024;
