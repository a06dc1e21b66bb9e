import { compare, hex } from '@sotto/bytes';
import type { Address, RoomState } from '@sotto/protocol';
import type { KeptRoom } from './room-store.ts';

/** The direct room in which one talks with an address: both are in it, and of several the one with the lower id. */
export function directWith(rooms: readonly KeptRoom[], address: Address): KeptRoom | null {
  const found = livingDirects(rooms).find(({ state }) =>
    Object.values(state.members).some((member) => member.address === address),
  );
  return found ?? null;
}

/** A direct room that was left without its peer, by a line that broke; it serves for the next one. */
export function unfinishedDirect(rooms: readonly KeptRoom[]): KeptRoom | null {
  return rooms.find(({ state, stopped }) => isUnfinished(state) && stopped === null) ?? null;
}

/** Direct rooms that are not listed: unfinished ones, and those for which a living one of the same pair stands. */
export function supersededDirects(rooms: readonly KeptRoom[]): ReadonlySet<string> {
  const staying = new Map<string, string>();
  for (const { state } of livingDirects(rooms)) {
    const pair = pairOf(state);
    if (!staying.has(pair)) staying.set(pair, hex(state.id));
  }
  const directs = rooms.filter(({ state }) => state.type === 'direct').map(({ state }) => state);
  const superseded = directs.filter(
    (state) => isUnfinished(state) || (staying.get(pairOf(state)) ?? hex(state.id)) !== hex(state.id),
  );
  return new Set(superseded.map(({ id }) => hex(id)));
}

/** The rooms of a pair for which `room` stands, and whose messages are read before its own. */
export function standsFor(rooms: readonly KeptRoom[], { state: room }: KeptRoom): readonly KeptRoom[] {
  const superseded = supersededDirects(rooms);
  if (room.type !== 'direct' || superseded.has(hex(room.id))) return [];
  return rooms.filter(
    ({ state }) => state.type === 'direct' && superseded.has(hex(state.id)) && pairOf(state) === pairOf(room),
  );
}

function livingDirects(rooms: readonly KeptRoom[]): readonly KeptRoom[] {
  return rooms
    .filter(({ state, hidden }) => state.type === 'direct' && !hidden && !state.closed)
    .filter(({ state }) => Object.keys(state.members).length === 2)
    .toSorted((left, right) => compare(left.state.id, right.state.id));
}

function isUnfinished({ type, people, closed }: RoomState): boolean {
  return type === 'direct' && !closed && Object.keys(people).length === 1;
}

function pairOf({ people }: RoomState): string {
  return Object.keys(people).toSorted().join();
}
