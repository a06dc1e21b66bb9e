import { equal, hex } from '@sotto/bytes';
import { type OperationOutput, type Operations, ProtocolPeerFault } from '@sotto/protocol';
import { Chains } from '../chains.ts';
import { EraKeys } from '../era-keys.ts';
import { KeyboxPeerFault } from '../fault.ts';
import { Heads } from '../heads.ts';
import { project } from '../projection/project.ts';
import type { RoomReader } from '../room-batch.ts';
import { syncRoom } from '../room-sync.ts';
import type { Session } from '../session.ts';

/**
 * Reads the account's own room into a new device: pins, verified and blocked contacts, notes, read marks, key log and
 * policy key. Throws `account-room-missing` if the server does not list the room that the owner's secret names,
 * `room-forked` if it lists another one beside it, and the faults of reading a room.
 */
export async function restoreAccountRoom(session: Session): Promise<void> {
  const { identity } = session;
  const reader = readerOf(session);
  await reader.chains.refresh(identity.fingerprint, identity.address);
  await checkAccountRoom(session);
  await syncRoom(reader, identity.accountRoom);
  await project(session);
}

/** A reader of one's own room and chain: nobody's contact yet. */
export function readerOf(session: Session): RoomReader {
  const heads = new Heads(session);
  const chains = new Chains(session, heads);
  return { session, heads, chains, eraKeys: new EraKeys(session, chains), isContact: async () => false };
}

async function checkAccountRoom({ link, identity }: Session): Promise<void> {
  const found: Uint8Array[] = [];
  const seen = new Set<string>();
  let after: Uint8Array | null = null;
  for (;;) {
    const { rooms }: OperationOutput<Operations['rooms.list']> = await link.call('rooms.list', { after });
    if (rooms.length === 0) break;
    for (const { room, type } of rooms) {
      if (seen.has(hex(room))) throw new KeyboxPeerFault('answer-malformed', 'the server repeats rooms');
      seen.add(hex(room));
      if (type === 'account') found.push(room);
      after = room;
    }
  }
  if (!found.some((room) => equal(room, identity.accountRoom))) {
    throw new KeyboxPeerFault('account-room-missing', 'the server lacks the own room of this account');
  }
  if (found.length > 1) throw new ProtocolPeerFault('room-forked', 'the server has two own rooms of this account');
}
