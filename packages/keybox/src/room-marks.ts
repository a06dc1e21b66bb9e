import { equal, type Fault, hex } from '@sotto/bytes';
import { ProtocolPeerFault } from '@sotto/protocol';
import { KeyboxPeerFault } from './fault.ts';
import { logKeyOnce } from './key-log.ts';
import { readCounter, writeCounter } from './meta.ts';
import { enqueue } from './outbox.ts';
import type { RoomReader } from './room-batch.ts';
import { RoomRefusal } from './room-refusal.ts';
import { readRooms } from './room-store.ts';
import type { Session } from './session.ts';

/**
 * Notes each room in the account room once: a device to come does not take from the server which rooms there are. The
 * room's id is the hash after its first entry, so that the note is a read mark that says nothing of reading.
 */
export async function queueRoomMarks(reader: RoomReader): Promise<void> {
  const { keys, identity } = reader.session;
  for (const { state, hidden } of await readRooms(keys)) {
    const name = `marked/${hex(state.id)}`;
    if (state.type === 'account' || hidden || (await readCounter(keys, name)) > 0) continue;
    const content = { room: state.id, upTo: { length: 1, hash: state.id } };
    const key = `mark/${hex(state.id)}`;
    await enqueue(reader, identity.accountRoom, { kind: 'read', content, class: 'quiet', key });
    await keys.apply([writeCounter(name, 1)]);
  }
}

/**
 * Holds what the account noted of its rooms against what the server shows. Returns why single rooms are refused:
 * `room-missing`, `room-forked`.
 */
export async function checkRoomMarks({ session }: RoomReader): Promise<readonly Fault[]> {
  const marks = await session.history.query<Mark>('SELECT room, length, hash FROM room_mark');
  const kept = new Set((await readRooms(session.keys)).map(({ state }) => hex(state.id)));
  const faults: Fault[] = [];
  for (const mark of marks) {
    const fault = kept.has(hex(mark.room)) ? await judge(session, mark) : missing();
    if (fault === null) continue;
    const entry = { event: 'refused/mark', room: hex(mark.room), reason: fault.message } as const;
    await session.keys.apply([logKeyOnce(session.clock, entry, fault)]);
    faults.push(new RoomRefusal(fault, mark.room));
  }
  return faults;
}

interface Mark {
  readonly room: Uint8Array;
  readonly length: number;
  readonly hash: Uint8Array;
}

/** What was not read yet is judged once it is. */
async function judge({ keys }: Session, { room, length, hash }: Mark): Promise<Fault | null> {
  const [line] = await keys.query<{ hash: Uint8Array }>('SELECT hash FROM log WHERE room = ? AND n = ?', [
    room,
    length - 1,
  ]);
  if (line === undefined || equal(line.hash, hash)) return null;
  return new ProtocolPeerFault('room-forked', 'the server shows another past than was read on another device');
}

function missing(): KeyboxPeerFault {
  return new KeyboxPeerFault('room-missing', 'the server withholds a room that this account is in');
}
