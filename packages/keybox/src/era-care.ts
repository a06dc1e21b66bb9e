import { equal, Fault, hex } from '@sotto/bytes';
import { currentEra, mayRotate } from '@sotto/protocol';
import { isComplainedOf } from './complaints.ts';
import { logKey } from './key-log.ts';
import { readCounter, writeCounter } from './meta.ts';
import { appendStatement } from './room-author.ts';
import type { RoomReader } from './room-batch.ts';
import { type KeptRoom, readRooms } from './room-store.ts';
import { rotateDue } from './rotation.ts';
import { newestUserKey } from './user-keys.ts';

/**
 * Complains, once an era, where our entry of it did not open, and starts another where somebody else complained, or
 * our own user key was replaced, and our role allows it. Returns what single rooms were refused for.
 */
export async function careForEras(reader: RoomReader, isPassing: (fault: Fault) => boolean): Promise<readonly Fault[]> {
  const faults: Fault[] = [];
  for (const room of await readRooms(reader.session.keys)) {
    const own = room.state.members[hex(reader.session.identity.fingerprint)];
    if (own === undefined || room.ahead !== null || room.hidden || room.state.closed || room.stopped !== null) continue;
    try {
      await complain(reader, room);
      if (mayRotate(own.role) && ((await isComplainedOf(reader.session, room.state)) || isBehind(reader, room)))
        await rotateDue(reader, room.state.id);
    } catch (cause) {
      if (!(cause instanceof Fault) || isPassing(cause)) throw cause;
      faults.push(cause);
    }
  }
  return faults;
}

/** Whether the table in force names a user key of ours that was replaced: we know best, and others may not know yet. */
function isBehind({ session }: RoomReader, { state }: KeptRoom): boolean {
  const { identity } = session;
  const row = currentEra(state).rows.find(({ fingerprint }) => equal(fingerprint, identity.fingerprint));
  return row !== undefined && row.generation < newestUserKey(identity).generation;
}

async function complain(reader: RoomReader, { state }: KeptRoom): Promise<void> {
  const { keys, clock } = reader.session;
  const { era, valid } = currentEra(state);
  const name = `complained/${hex(state.id)}`;
  if (!valid || (await readCounter(keys, name)) > era || (await reader.eraKeys.secret(state.id, era)) !== null) return;
  await appendStatement(reader, state.id, async ({ state: newest }) => {
    const isOver = currentEra(newest).era !== era || (await reader.eraKeys.secret(newest.id, era)) !== null;
    return isOver ? null : { type: 'complaint', body: { era } };
  });
  const entry = { event: 'era/complained', room: hex(state.id), era } as const;
  await keys.apply([writeCounter(name, era + 1), logKey(clock, entry)]);
}
