import type { Part, SqlStatement } from '../ports.ts';

/** `open`: not answered; `failed`: answered with what is not the key. */
export type KeyRequestState = 'open' | 'answered' | 'denied' | 'failed';

/** One era that an account asked for. */
export interface KeyRequest {
  readonly room: Uint8Array;
  /** Of the record that asks. */
  readonly id: Uint8Array;
  readonly era: number;
  readonly n: number;
  readonly author: Uint8Array;
  readonly device: Uint8Array;
  readonly at: number;
  readonly state: KeyRequestState;
}

/**
 * Of one account and era one request is open at a time: whoever repeats it asks nothing new. An id belongs to the first
 * who used it: whoever approves it gives nobody else anything.
 */
export function writeRequest({ room, id, era, n, author, device, at }: Omit<KeyRequest, 'state'>): SqlStatement {
  return {
    sql: `INSERT OR IGNORE INTO key_request (room, id, era, n, author, device, at, state) SELECT ?, ?, ?, ?, ?, ?, ?, 'open'
      WHERE NOT EXISTS (SELECT 1 FROM key_request WHERE room = ? AND author = ? AND era = ? AND state IN ('open', 'denied'))
        AND NOT EXISTS (SELECT 1 FROM key_request WHERE room = ? AND id = ? AND author <> ?)`,
    parameters: [room, id, era, n, author, device, at, room, author, era, room, id, author],
  };
}

export function setRequestState(
  { room, id, era }: Pick<KeyRequest, 'room' | 'id' | 'era'>,
  state: KeyRequestState,
): SqlStatement {
  return {
    sql: 'UPDATE key_request SET state = ? WHERE room = ? AND id = ? AND era = ?',
    parameters: [state, room, id, era],
  };
}

/** Newest last. */
export async function readRequests(keys: Part): Promise<readonly KeyRequest[]> {
  return keys.query<KeyRequest>('SELECT * FROM key_request ORDER BY at, era');
}
