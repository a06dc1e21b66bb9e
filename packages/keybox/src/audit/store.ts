import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import type { RoomState } from '@sotto/protocol';
import type { Part, SqlStatement } from '../ports.ts';

/** How far a room's log was verified once more. */
export interface RoomAudit {
  readonly room: Uint8Array;
  /** After the entries so far; null before the first. */
  readonly state: RoomState | null;
  /** Why it failed; null while it did not. */
  readonly code: string | null;
  /** When the last page was verified, milliseconds. */
  readonly at: number;
}

export async function readRoomAudits(keys: Part): Promise<readonly RoomAudit[]> {
  const rows = await keys.query<{ room: Uint8Array; state: Uint8Array | null; code: string | null; at: number }>(
    'SELECT room, state, code, at FROM audit',
  );
  return rows.map(({ room, state, code, at }) => {
    const decoded = state === null ? null : (decodeCbor(state, MAX_STATE_BYTES) as unknown as RoomState);
    return { room, state: decoded, code, at };
  });
}

export function writeRoomAudit({ room, state, code, at }: RoomAudit): SqlStatement {
  const encoded = state === null ? null : encodeCbor(state as unknown as CborValue);
  return {
    sql: 'INSERT OR REPLACE INTO audit (room, state, code, at) VALUES (?, ?, ?, ?)',
    parameters: [room, encoded, code, at],
  };
}

/** Everything is verified from its first byte again. */
export const forgetAudits: SqlStatement = { sql: 'DELETE FROM audit' };

const MAX_STATE_BYTES = 64 * 1024 * 1024;
