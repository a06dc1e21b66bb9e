import { hex } from '@sotto/bytes';
import {
  currentEra,
  currentUserKey,
  ERA_MILLISECONDS,
  ERA_RECORDS,
  mayRotate,
  ProtocolPolicyFault,
} from '@sotto/protocol';
import { isComplainedOf } from './complaints.ts';
import { appendStatement, besideEra, type Draft } from './room-author.ts';
import type { RoomReader } from './room-batch.ts';
import type { KeptRoom } from './room-store.ts';

/** Whether the room needs a new era before the next record: for its log's sake, for ours, or by age. */
export async function isRekeyDue({ session, chains, eraKeys }: RoomReader, { state }: KeptRoom): Promise<boolean> {
  const era = currentEra(state);
  // Its author says when it began: one that is dated ahead would serve for ever.
  const age = Math.abs(session.clock.now() - era.at);
  if (state.rekeyDue || !era.valid || era.records >= ERA_RECORDS) return true;
  if (era.records > 0 && age > ERA_MILLISECONDS) return true;
  if (await isComplainedOf(session, state)) return true;
  if ((await eraKeys.secret(state.id, era.era)) === null) return true;
  for (const { fingerprint, generation } of era.rows) {
    const chain = await chains.known(fingerprint);
    if (chain !== null && currentUserKey(chain).generation !== generation) return true;
  }
  return false;
}

/** Starts a new era for the members as they are. Throws `room-frozen` where our role does not allow it. */
export async function rotateRoom(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  let from: number | null = null;
  return appendStatement(reader, id, async (room) => {
    const { era } = currentEra(room.state);
    from ??= era;
    const won = era > from && !(await isRekeyDue(reader, room));
    return won ? null : nextEra(reader, room);
  });
}

/** Starts a new era unless somebody has made it already. Throws `room-frozen` where our role does not allow it. */
export async function rotateDue(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  return appendStatement(reader, id, async (room) => ((await isRekeyDue(reader, room)) ? nextEra(reader, room) : null));
}

async function nextEra(reader: RoomReader, { state }: KeptRoom): Promise<Draft> {
  const own = state.members[hex(reader.session.identity.fingerprint)];
  if (own === undefined || !mayRotate(own.role)) {
    throw new ProtocolPolicyFault('room-frozen', `room ${hex(state.id)} waits for a new era from a member`);
  }
  const prepared = await reader.eraKeys.prepare(state, state.id, Object.values(state.members));
  return { type: 'era', body: { era: prepared.era }, ...besideEra(prepared) };
}
