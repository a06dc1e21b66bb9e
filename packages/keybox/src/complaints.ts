import { hex } from '@sotto/bytes';
import { currentEra, type RoomState } from '@sotto/protocol';
import { readCounter, writeCounter } from './meta.ts';
import type { SqlStatement } from './ports.ts';
import type { Session } from './session.ts';

/** Keeps that a member cannot open their entry of an era. */
export function noteComplaint(room: Uint8Array, era: number): SqlStatement {
  return writeCounter(name(room), era + 1);
}

/**
 * Whether a member complained of the era in force: another one is due. An era of the last minute is left alone, so that
 * whoever complains of every era makes nobody start one with every record.
 */
export async function isComplainedOf({ keys, clock }: Session, state: RoomState): Promise<boolean> {
  const { era, at } = currentEra(state);
  return (await readCounter(keys, name(state.id))) > era && Math.abs(clock.now() - at) >= MINUTE;
}

function name(room: Uint8Array): string {
  return `complaint/${hex(room)}`;
}

const MINUTE = 60_000;
