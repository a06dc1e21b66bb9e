import { hex } from '@sotto/bytes';
import { ProtocolPeerFault } from '@sotto/protocol';
import { notFound } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { claimRoom, settleRoom } from '../../restored/room.ts';
import { confirm as note } from '../../restored/settle.ts';
import { changeRoom } from '../../rooms/room.ts';
import { roomWitness } from '../../rooms/witness.ts';
import { deviceSession } from '../session.ts';

/**
 * Compares a restored room with what a member's device knows. A head that the cluster signed and that is longer than
 * the log keeps the room closed until the log is as long. Throws `head-invalid`, `not-found`, `room-forked` for a head
 * of another log.
 */
export const confirm: Handler<'rooms.confirm'> = async ({ room: id, head }, context) => {
  const { store, cluster, now } = context;
  const { fingerprint, deviceId } = deviceSession(context);
  await cluster.heads.verify({ kind: 'room', id }, head);
  return changeRoom(store, id, async (room) => {
    if (!(hex(fingerprint) in room.state.people)) throw notFound();
    const { length } = room.state;
    const hash = head.length <= length ? await roomWitness(store, room.rowId, []).hashAt(head.length) : head.hash;
    if (hash === null || hex(hash) !== hex(head.hash)) {
      throw new ProtocolPeerFault('room-forked', 'the log here is another one than the cluster signed');
    }
    const moment = { incarnation: cluster.incarnation, now: now() };
    const { open, from } = await store.transact(async (database) => {
      await claimRoom(database, room.rowId, head.length);
      if (head.length <= length) await note(database, { subject: id, device: deviceId }, moment);
      const row = await database
        .selectFrom('rooms')
        .select('restored_from')
        .where('id', '=', room.rowId)
        .executeTakeFirstOrThrow();
      return { open: await settleRoom(database, room.rowId, moment), from: row.restored_from };
    });
    return { room: open ? { ...room, incarnation: cluster.incarnation } : room, result: { open, from } };
  });
};
