import { type CborValue, decodeCbor, encodeCbor } from '@sotto/bytes';
import type { Part, SqlStatement } from '../ports.ts';
import type { Ahead } from '../room-store.ts';

/** A stretch of a log as its skeleton fixes it. */
export interface Stretch {
  /** Position of the first entry. */
  readonly n: number;
  /** H(signed bytes) of its entries, 32 bytes each. */
  readonly hashes: Uint8Array;
  /** Positions of its statements. */
  readonly statements: readonly number[];
}

export function writeAhead(room: Uint8Array, ahead: Ahead): SqlStatement {
  const { length, hash, state, floor, at, isNew, isVoid } = ahead;
  return {
    sql: `INSERT OR REPLACE INTO ahead (room, length, hash, state, floor, at, is_new, is_void)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    parameters: [
      room,
      length,
      hash,
      encodeCbor(state as unknown as CborValue),
      floor,
      at,
      isNew ? 1 : 0,
      isVoid ? 1 : 0,
    ],
  };
}

export function writeStretch(room: Uint8Array, { n, hashes, statements }: Stretch): SqlStatement {
  return {
    sql: 'INSERT INTO skeleton (room, n, hashes, statements) VALUES (?, ?, ?, ?)',
    parameters: [room, n, hashes, encodeCbor(statements)],
  };
}

/** Forgets stretches that begin at a position or above it: of a skeleton that was not verified to its end. */
export function forgetFrom(room: Uint8Array, n: number): SqlStatement {
  return { sql: 'DELETE FROM skeleton WHERE room = ? AND n >= ?', parameters: [room, n] };
}

/** Forgets stretches that lie wholly below a position. */
export function forgetBelow(room: Uint8Array, n: number): SqlStatement {
  return { sql: 'DELETE FROM skeleton WHERE room = ? AND n + length(hashes) / 32 <= ?', parameters: [room, n] };
}

export function forgetAhead(room: Uint8Array): readonly SqlStatement[] {
  return [
    { sql: 'DELETE FROM ahead WHERE room = ?', parameters: [room] },
    { sql: 'DELETE FROM skeleton WHERE room = ?', parameters: [room] },
  ];
}

export function voidAhead(room: Uint8Array): SqlStatement {
  return { sql: 'UPDATE ahead SET is_void = 1 WHERE room = ?', parameters: [room] };
}

/** The stretches that cover positions [from, to). */
export async function readStretches(
  keys: Part,
  room: Uint8Array,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<readonly Stretch[]> {
  const rows = await keys.query<{ n: number; hashes: Uint8Array; statements: Uint8Array }>(
    'SELECT n, hashes, statements FROM skeleton WHERE room = ? AND n < ? AND n + length(hashes) / 32 > ? ORDER BY n',
    [room, to, from],
  );
  return rows.map(({ n, hashes, statements }) => ({
    n,
    hashes,
    statements: decodeCbor(statements) as readonly number[],
  }));
}
