import { equal, hex } from '@sotto/bytes';
import {
  currentEra,
  currentUserKey,
  ERA_MILLISECONDS,
  ERA_RECORDS,
  mayRotate,
  ProtocolPolicyFault,
} from '@sotto/protocol';
import { appendStatement, besideEra } from './room-author.ts';
import type { RoomReader } from './room-batch.ts';
import type { KeptRoom } from './room-store.ts';

/** Whether the room needs a new era before the next record: for its log's sake, for ours, or by age. */
export async function isRekeyDue({ session, chains, eraKeys }: RoomReader, { state }: KeptRoom): Promise<boolean> {
  const era = currentEra(state);
  const age = session.clock.now() - era.at;
  if (state.rekeyDue || !era.valid || era.records >= ERA_RECORDS) return true;
  if (era.records > 0 && age > ERA_MILLISECONDS) return true;
  if ((await eraKeys.secret(state.id, era.era)) === null) return true;
  for (const { fingerprint, generation } of era.rows) {
    const chain = await chains.known(fingerprint);
    if (chain !== null && currentUserKey(chain).generation !== generation) return true;
  }
  return false;
}

/** Starts a new era for the members as they are. Throws `room-frozen` where our role does not allow it. */
export async function rotateRoom(reader: RoomReader, id: Uint8Array): Promise<KeptRoom> {
  const { identity } = reader.session;
  let from: number | null = null;
  return appendStatement(reader, id, async (room) => {
    const { state } = room;
    const { era } = currentEra(state);
    from ??= era;
    const won = era > from && !(await isRekeyDue(reader, room));
    if (won) return null;
    const member = Object.values(state.members).find(({ fingerprint }) => equal(fingerprint, identity.fingerprint));
    if (member === undefined || !mayRotate(member.role)) {
      throw new ProtocolPolicyFault('room-frozen', `room ${hex(id)} waits for a new era from a member`);
    }
    const prepared = await reader.eraKeys.prepare(state, id, Object.values(state.members));
    return { type: 'era', body: { era: prepared.era }, ...besideEra(prepared) };
  });
}
