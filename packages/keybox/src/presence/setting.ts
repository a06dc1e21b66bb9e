import { concat, decodeCbor, encodeCbor } from '@sotto/bytes';
import type { BodyContent } from '@sotto/protocol';
import { readMeta } from '../meta.ts';
import type { Part, SqlStatement } from '../ports.ts';

/** How the account wants to be seen, on all its devices. */
export type PresenceSetting = BodyContent<'presence'>;

/** Until somebody chooses, contacts see who is there, and not since when one is gone. */
const DEFAULT: PresenceSetting = { state: 'online', lastSeen: false };

export async function readSetting(contacts: Part): Promise<PresenceSetting> {
  const value = await readMeta(contacts, NAME);
  return value === null ? DEFAULT : (decodeCbor(value.subarray(TIME_BYTES)) as unknown as PresenceSetting);
}

/** Keeps a choice of a time; of two that cross, on whichever devices and in whatever order they come, the later one. */
export function writeSetting({ state, lastSeen }: PresenceSetting, at: number): SqlStatement {
  return {
    sql: `INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value
      WHERE substr(excluded.value, 1, ${TIME_BYTES}) >= substr(meta.value, 1, ${TIME_BYTES})`,
    parameters: [NAME, concat(timeBytes(at), encodeCbor({ state, lastSeen }))],
  };
}

/** Big-endian, so that the order of bytes is that of times. */
function timeBytes(at: number): Uint8Array {
  const bytes = new Uint8Array(TIME_BYTES);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(at));
  return bytes;
}

const NAME = 'presence';
const TIME_BYTES = 8;
