import { hex } from '@sotto/bytes';
import type { KeptRoom } from '../room-store.ts';
import type { Session } from '../session.ts';

/** How much a search covers. */
export interface Coverage {
  /** Messages and files whose words are in the index. */
  readonly indexed: number;
  /** Messages and files that are known to exist here, whether or not they could be opened. */
  readonly total: number;
  /** Entries of logs, of whatever kind, that this device has yet to fetch. */
  readonly toFetch: number;
  /** Rooms that are covered only in part. */
  readonly partial: readonly RoomCoverage[];
}

export interface RoomCoverage {
  readonly room: string;
  readonly indexed: number;
  readonly total: number;
  readonly toFetch: number;
}

/** Of rooms that are listed. */
export async function coverageOf({ history }: Session, listed: readonly KeptRoom[]): Promise<Coverage> {
  const rows = await history.query<{ room: Uint8Array; indexed: number; total: number }>(
    'SELECT room, total, indexed FROM search_coverage',
  );
  const counts = new Map(rows.map(({ room, indexed, total }) => [hex(room), { indexed, total }]));
  const rooms = listed.map((kept): RoomCoverage => {
    const room = hex(kept.state.id);
    return { room, ...(counts.get(room) ?? { indexed: 0, total: 0 }), toFetch: toFetch(kept) };
  });
  const sum = (of: (room: RoomCoverage) => number): number => rooms.reduce((so, room) => so + of(room), 0);
  return {
    indexed: sum(({ indexed }) => indexed),
    total: sum(({ total }) => total),
    toFetch: sum((room) => room.toFetch),
    partial: rooms.filter((room) => room.indexed < room.total || room.toFetch > 0),
  };
}

/** Between what was judged and the newest messages, which are shown first. */
function toFetch({ judged, ahead }: KeptRoom): number {
  return ahead === null ? 0 : Math.max(0, ahead.floor - judged.length);
}
