import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import type { Chain, RoomState, Witness } from '@sotto/protocol';
import type { Part, SqlStatement } from './ports.ts';

/** A room as this device keeps it: the verified state and what is its own. */
export interface KeptRoom {
  readonly state: RoomState;
  /** Who added us; null for a room we made. */
  readonly adder: Uint8Array | null;
  /** Added by somebody who is no contact: not listed. */
  readonly hidden: boolean;
  /** Sequence number and hash of the newest record that this device sealed here. */
  readonly ownSeq: number;
  readonly ownPrev: Uint8Array;
  /** A code while nothing may be sent here: the room forked or the vault is not the newest copy. */
  readonly stopped: string | null;
}

interface RoomRow {
  readonly state: Uint8Array;
  readonly adder: Uint8Array | null;
  readonly hidden: number;
  readonly own_seq: number;
  readonly own_prev: Uint8Array;
  readonly stopped: string | null;
}

const COLUMNS = 'state, adder, hidden, own_seq, own_prev, stopped';

export async function readRoom(keys: Part, id: Uint8Array): Promise<KeptRoom | null> {
  const [row] = await keys.query<RoomRow>(`SELECT ${COLUMNS} FROM room WHERE id = ?`, [id]);
  return row === undefined ? null : keptRoom(row);
}

/** In the order in which they came. */
export async function readRooms(keys: Part): Promise<readonly KeptRoom[]> {
  const rows = await keys.query<RoomRow>(`SELECT ${COLUMNS} FROM room ORDER BY rowid`);
  return rows.map(keptRoom);
}

export function writeRoom(room: KeptRoom): SqlStatement {
  const { state, adder, hidden, ownSeq, ownPrev, stopped } = room;
  return {
    sql: `INSERT INTO room (id, type, state, adder, hidden, own_seq, own_prev, stopped) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (id) DO UPDATE SET state = excluded.state, adder = excluded.adder, hidden = excluded.hidden,
      own_seq = excluded.own_seq, own_prev = excluded.own_prev, stopped = excluded.stopped`,
    parameters: [
      state.id,
      state.type,
      encodeCbor(state as unknown as CborValue),
      adder,
      hidden ? 1 : 0,
      ownSeq,
      ownPrev,
      stopped,
    ],
  };
}

/** One line of the log as it is kept: enough to judge later entries and to find a record again. */
export interface LogLine {
  readonly n: number;
  /** Log hash after this entry. */
  readonly hash: Uint8Array;
  readonly signedHash: Uint8Array;
  readonly author: Uint8Array | null;
  readonly device: Uint8Array | null;
  readonly seq: number | null;
  /** Why it was refused; null if it counted. */
  readonly code: string | null;
}

export function writeLogLine(room: Uint8Array, line: LogLine): SqlStatement {
  const { n, hash, signedHash, author, device, seq, code } = line;
  return {
    sql: 'INSERT INTO log (room, n, hash, signed_hash, author, device, seq, code) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
    parameters: [room, n, hash, signedHash, author, device, seq, code],
  };
}

/** Judges entries by what is kept and by the lines of a batch that is not kept yet. */
export function roomWitness(
  keys: Part,
  room: Uint8Array,
  {
    pending,
    chain,
  }: { readonly pending: readonly LogLine[]; readonly chain: (fingerprint: Uint8Array) => Promise<Chain | null> },
): Witness {
  const line = async (sql: string, parameters: readonly (Uint8Array | number)[]): Promise<LogLine | null> => {
    const [row] = await keys.query<LogLine>(
      `SELECT n, hash, signed_hash AS signedHash, author, device, seq, code FROM log WHERE room = ? AND ${sql}`,
      [room, ...parameters],
    );
    return row ?? null;
  };
  return {
    chain,
    async hashAt(length) {
      const n = length - 1;
      return (pending.find((entry) => entry.n === n) ?? (await line('n = ?', [n])))?.hash ?? null;
    },
    async recordAt(n) {
      const found = pending.find((entry) => entry.n === n) ?? (await line('n = ?', [n]));
      return found?.author == null || found.code !== null ? null : { author: found.author };
    },
    async recordHash(device, seq) {
      const matches = (entry: LogLine): boolean =>
        entry.code === null && entry.seq === seq && entry.device !== null && sameBytes(entry.device, device);
      const kept = await line('device = ? AND seq = ? AND code IS NULL ORDER BY n LIMIT 1', [device, seq]);
      return (kept ?? pending.find(matches))?.signedHash ?? null;
    },
  };
}

function keptRoom(row: RoomRow): KeptRoom {
  return {
    state: decodeCbor(row.state, MAX_STATE_BYTES) as unknown as RoomState,
    adder: row.adder,
    hidden: row.hidden !== 0,
    ownSeq: row.own_seq,
    ownPrev: row.own_prev,
    stopped: row.stopped,
  };
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Our own encrypted storage: a thousand members with their devices and eras stay far below it. */
const MAX_STATE_BYTES = 64 * 1024 * 1024;
