import { BugFault } from '@sotto/bytes';
import type { RoomState } from '@sotto/protocol';
import type { Database } from '../store/store.ts';
import { type NewEntry, writeEntries } from './entry.ts';
import { currentMembers, updateMembers } from './members.ts';
import { compactState, encodeState, type Room } from './room.ts';

export interface Advance {
  readonly state: RoomState;
  readonly entries: readonly NewEntry[];
  readonly at: number;
  /** True if one of the entries starts an era. */
  readonly startsEra: boolean;
}

/** Whom an advance concerns: members as they are now, and those it made leave. */
export interface Audience {
  readonly members: readonly number[];
  readonly left: readonly number[];
}

/** The room after an advance. */
export function advanced(room: Room, { state, at, startsEra }: Advance): Room {
  return { rowId: room.rowId, state: compactState(state), eraAt: startsEra ? at : room.eraAt };
}

/** Stores judged entries with the state after them: all or nothing, and only behind the state they were judged by. */
export async function storeAdvance(database: Database, room: Room, advance: Advance): Promise<Audience> {
  const next = advanced(room, advance);
  const { length, hash } = next.state;
  const moved = await database
    .updateTable('rooms')
    .set({ length, hash, state: encodeState(next.state), era_at: next.eraAt })
    .where('id', '=', room.rowId)
    .where('length', '=', room.state.length)
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) throw new BugFault('a room moved while its turn was taken');
  await writeEntries(database, room.rowId, advance);
  const left = await updateMembers(database, room.rowId, { before: room.state, after: advance.state });
  return { members: await currentMembers(database, room.rowId), left };
}
