import { BugFault, hex } from '@sotto/bytes';
import { currentEra, type RoomState } from '@sotto/protocol';
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
  return { ...room, state: compactState(state), eraAt: startsEra ? at : room.eraAt };
}

/** Stores judged entries with the state after them: all or nothing, and only behind the state they were judged by. */
export async function storeAdvance(database: Database, room: Room, advance: Advance): Promise<Audience> {
  const next = advanced(room, advance);
  const { length, hash } = next.state;
  const rekey = advance.startsEra ? { rekey_due: (await isStale(database, next.state)) ? 1 : 0 } : {};
  const moved = await database
    .updateTable('rooms')
    .set({ length, hash, state: encodeState(next.state), era_at: next.eraAt, ...rekey })
    .where('id', '=', room.rowId)
    .where('length', '=', room.state.length)
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) throw new BugFault('a room moved while its turn was taken');
  await writeEntries(database, room.rowId, advance);
  const left = await updateMembers(database, room.rowId, { before: room.state, after: advance.state });
  return { members: await currentMembers(database, room.rowId), left };
}

/** Whether the table in force names a user key that its account has replaced since. */
async function isStale(database: Database, state: RoomState): Promise<boolean> {
  const { rows } = currentEra(state);
  if (rows.length === 0) return false;
  const fingerprints = rows.map(({ fingerprint }) => fingerprint);
  const accounts = await database
    .selectFrom('accounts')
    .select(['fingerprint', 'user_key_generation'])
    .where('fingerprint', 'in', fingerprints)
    .where('user_key_generation', '>', 0)
    .execute();
  const newest = new Map(accounts.map((row) => [hex(row.fingerprint as Uint8Array), row.user_key_generation]));
  return rows.some(({ fingerprint, generation }) => (newest.get(hex(fingerprint)) ?? 0) > generation);
}
