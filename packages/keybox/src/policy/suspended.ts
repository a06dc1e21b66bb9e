import { Fault, hex } from '@sotto/bytes';
import { mayActOn, ProtocolPolicyFault, type RoomState } from '@sotto/protocol';
import { logKey } from '../key-log.ts';
import type { RoomReader } from '../room-batch.ts';
import { readRooms } from '../room-store.ts';
import { removeMember } from '../rooms.ts';
import { checkRecipients, suspendedAccounts } from './in-force.ts';

/**
 * Why nothing may be sealed to a room now: `member-suspended` if a member is suspended, `unverified` where the policy asks
 * for verified people and one is not; null if nothing stands against it.
 */
export async function heldFor({ session }: RoomReader, state: RoomState): Promise<Fault | null> {
  const others = Object.values(state.members).filter(
    ({ fingerprint }) => hex(fingerprint) !== hex(session.identity.fingerprint),
  );
  try {
    await checkRecipients(session, others);
    return null;
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.blame !== 'policy') throw cause;
    if (cause.code !== 'account-suspended') return cause;
    const message = 'a member is suspended: sending waits until an owner or admin of the room has removed it';
    return new ProtocolPolicyFault('member-suspended', message, { cause });
  }
}

/**
 * Removes suspended members from the rooms in which our role allows it; the new era shuts them out. Returns what single
 * rooms were refused for.
 */
export async function removeSuspended(
  reader: RoomReader,
  isPassing: (fault: Fault) => boolean,
): Promise<readonly Fault[]> {
  const { keys, identity, clock } = reader.session;
  const suspended = await suspendedAccounts(reader.session);
  if (suspended.size === 0) return [];
  const faults: Fault[] = [];
  for (const { state, hidden, stopped } of await readRooms(keys)) {
    const own = state.members[hex(identity.fingerprint)];
    if (own === undefined || hidden || state.closed || stopped !== null || state.type !== 'chat') continue;
    for (const member of Object.values(state.members)) {
      if (!suspended.has(hex(member.fingerprint)) || !mayActOn(own, member)) continue;
      try {
        await removeMember(reader, state.id, member.fingerprint);
        const entry = { event: 'policy/removed', room: hex(state.id), who: member.address } as const;
        await keys.apply([logKey(clock, entry)]);
      } catch (cause) {
        if (!(cause instanceof Fault) || isPassing(cause)) throw cause;
        faults.push(cause);
      }
    }
  }
  return faults;
}
