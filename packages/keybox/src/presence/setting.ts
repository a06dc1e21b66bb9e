import { decodeCbor, encodeCbor } from '@sotto/bytes';
import type { BodyContent } from '@sotto/protocol';
import { readNewest, writeNewest } from '../meta.ts';
import type { Part, SqlStatement } from '../ports.ts';

/** How the account wants to be seen, on all its devices. */
export type PresenceSetting = BodyContent<'presence'>;

/** Until somebody chooses, contacts see who is there, and not since when one is gone. */
const DEFAULT: PresenceSetting = { state: 'online', lastSeen: false };

export async function readSetting(contacts: Part): Promise<PresenceSetting> {
  const value = await readNewest(contacts, NAME);
  return value === null ? DEFAULT : (decodeCbor(value) as unknown as PresenceSetting);
}

/** Keeps a choice of a time; of two that cross, on whichever devices and in whatever order they come, the later one. */
export function writeSetting({ state, lastSeen }: PresenceSetting, at: number): SqlStatement {
  return writeNewest(NAME, at, encodeCbor({ state, lastSeen }));
}

const NAME = 'presence';
