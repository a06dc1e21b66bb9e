import { hex } from '@sotto/bytes';
import { readRooms } from '../room-store.ts';
import type { Session } from '../session.ts';

/** How much a search covers. */
export interface Coverage {
  /** Messages whose words are in the index. */
  readonly indexed: number;
  /** Messages that are known to exist, whether or not they could be opened. */
  readonly total: number;
  /** Rooms that are covered only in part. */
  readonly partial: readonly RoomCoverage[];
}

export interface RoomCoverage {
  readonly room: string;
  readonly indexed: number;
  readonly total: number;
}

export async function coverageOf({ history, keys }: Session): Promise<Coverage> {
  const rows = await history.query<{ room: Uint8Array; indexed: number; total: number }>(
    'SELECT room, count(*) AS total, sum(code IS NULL) AS indexed FROM message WHERE deleted = 0 GROUP BY room',
  );
  const listed = new Set((await readRooms(keys)).filter(({ hidden }) => !hidden).map(({ state }) => hex(state.id)));
  const rooms = rows.map((row) => ({ ...row, room: hex(row.room) })).filter(({ room }) => listed.has(room));
  return {
    indexed: rooms.reduce((sum, { indexed }) => sum + indexed, 0),
    total: rooms.reduce((sum, { total }) => sum + total, 0),
    partial: rooms.filter(({ indexed, total }) => indexed < total),
  };
}
