import { concat } from '@sotto/bytes';
import type { Part, SqlStatement } from './ports.ts';

/** Reads one named value of a part; null if it was never set. */
export async function readMeta(part: Part, name: string): Promise<Uint8Array | null> {
  const [row] = await part.query<{ value: Uint8Array }>('SELECT value FROM meta WHERE name = ?', [name]);
  return row?.value ?? null;
}

export function writeMeta(name: string, value: Uint8Array): SqlStatement {
  return { sql: 'INSERT OR REPLACE INTO meta (name, value) VALUES (?, ?)', parameters: [name, value] };
}

/** A counter kept as 8 bytes, big-endian. */
export async function readCounter(part: Part, name: string): Promise<number> {
  const value = await readMeta(part, name);
  return value === null ? 0 : Number(new DataView(value.buffer, value.byteOffset, 8).getBigUint64(0));
}

export function writeCounter(name: string, value: number): SqlStatement {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return writeMeta(name, bytes);
}

/** Reads what `writeNewest` wrote. */
export async function readNewest(part: Part, name: string): Promise<Uint8Array | null> {
  return (await readMeta(part, name))?.subarray(ORDER_BYTES) ?? null;
}

/** Keeps a value of a time or version unless a later one is kept: whatever the order in which they come, one stays. */
export function writeNewest(name: string, order: number, value: Uint8Array): SqlStatement {
  const bytes = new Uint8Array(ORDER_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(order));
  return {
    sql: `INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
      WHERE substr(excluded.value, 1, ${ORDER_BYTES}) >= substr(meta.value, 1, ${ORDER_BYTES})`,
    parameters: [name, concat(bytes, value)],
  };
}

const ORDER_BYTES = 8;
