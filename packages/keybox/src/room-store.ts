import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import type { RoomState, Witness } from '@sotto/protocol';
import type { Part, SqlStatement } from './ports.ts';

/** A room as this device keeps it: the verified state and what is its own. */
export interface KeptRoom {
  /** What is known of the room: `judged`, or further than that by its skeleton. */
  readonly state: RoomState;
  /** After every entry up to here was judged: what anything is written by. */
  readonly judged: RoomState;
  /** While its archive is still being fetched. */
  readonly ahead: Ahead | null;
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

/** How far a room is known by its skeleton while its entries are still being judged. */
export interface Ahead {
  /** Length and hash of the log that the skeleton was verified to lead to. */
  readonly length: number;
  readonly hash: Uint8Array;
  /** After the statements alone. */
  readonly state: RoomState;
  /** Records from this position on were shown before those below it were judged. */
  readonly floor: number;
  /** When the server took the newest entry, milliseconds. */
  readonly at: number;
  /** The room is new to this device: what its archive brings is no news. */
  readonly isNew: boolean;
  /** The skeleton was a lie, or judging halted: nothing is believed of it but the hashes. */
  readonly isVoid: boolean;
}

interface RoomRow {
  readonly state: Uint8Array;
  readonly adder: Uint8Array | null;
  readonly hidden: number;
  readonly own_seq: number;
  readonly own_prev: Uint8Array;
  readonly stopped: string | null;
  readonly ahead_state: Uint8Array | null;
  readonly length: number | null;
  readonly hash: Uint8Array | null;
  readonly floor: number | null;
  readonly at: number | null;
  readonly is_new: number | null;
  readonly is_void: number | null;
}

const SELECT = `SELECT room.state, adder, hidden, own_seq, own_prev, stopped, ahead.state AS ahead_state, length, hash, floor, at,
  is_new, is_void FROM room LEFT JOIN ahead ON ahead.room = room.id`;

export async function readRoom(keys: Part, id: Uint8Array): Promise<KeptRoom | null> {
  const [row] = await keys.query<RoomRow>(`${SELECT} WHERE id = ?`, [id]);
  return row === undefined ? null : keptRoom(row);
}

/** In the order in which they came. */
export async function readRooms(keys: Part): Promise<readonly KeptRoom[]> {
  const rows = await keys.query<RoomRow>(`${SELECT} ORDER BY room.rowid`);
  return rows.map(keptRoom);
}

/** Entries of the log that are known to stand: judged, or fixed by the skeleton. */
export function knownLength(room: KeptRoom | null): number {
  return room === null ? 0 : Math.max(room.ahead?.length ?? 0, room.judged.length);
}

export function stopRoom(id: Uint8Array, code: string): SqlStatement {
  return { sql: 'UPDATE room SET stopped = ? WHERE id = ?', parameters: [code, id] };
}

export function writeRoom(room: Omit<KeptRoom, 'state' | 'ahead'>): SqlStatement {
  const { judged: state, adder, hidden, ownSeq, ownPrev, stopped } = room;
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
export function roomWitness(keys: Part, room: Uint8Array, pending: readonly LogLine[]): Omit<Witness, 'chain'> {
  const line = async (sql: string, parameters: readonly (Uint8Array | number)[]): Promise<LogLine | null> => {
    const [row] = await keys.query<LogLine>(
      `SELECT n, hash, signed_hash AS signedHash, author, device, seq, code FROM log WHERE room = ? AND ${sql}`,
      [room, ...parameters],
    );
    return row ?? null;
  };
  return {
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
  const judged = decodeState(row.state);
  const ahead = aheadOf(row);
  return {
    state: ahead === null || ahead.isVoid ? judged : ahead.state,
    judged,
    ahead,
    adder: row.adder,
    hidden: row.hidden !== 0,
    ownSeq: row.own_seq,
    ownPrev: row.own_prev,
    stopped: row.stopped,
  };
}

function aheadOf({ ahead_state: state, length, hash, floor, at, is_new, is_void }: RoomRow): Ahead | null {
  if (state === null || length === null || hash === null || floor === null || at === null) return null;
  return { state: decodeState(state), length, hash, floor, at, isNew: is_new !== 0, isVoid: is_void !== 0 };
}

function decodeState(bytes: Uint8Array): RoomState {
  return decodeCbor(bytes, MAX_STATE_BYTES) as unknown as RoomState;
}

function sameBytes(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, i) => byte === right[i]);
}

/** Our own encrypted storage: a thousand members with their devices and eras stay far below it. */
const MAX_STATE_BYTES = 64 * 1024 * 1024;
