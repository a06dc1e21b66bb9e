import { mayRotate, memberOf, ProtocolPolicyFault } from '@sotto/protocol';
import { notFound } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { expireParts, stageParts } from '../../rooms/parts.ts';
import { changeRoom } from '../../rooms/room.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` for rooms of others, `role-insufficient` for who starts no eras, `member-limit` for entries of nobody. */
export const stage: Handler<'eras.stage'> = async ({ room: id, root, from, entries }, { store, now, ...context }) => {
  const { fingerprint, deviceId: device } = deviceSession(context);
  return changeRoom(store, id, async (room) => {
    const member = memberOf(room.state, fingerprint);
    if (member === null) throw notFound();
    if (!mayRotate(member.role)) throw new ProtocolPolicyFault('role-insufficient', 'your role starts no eras');
    const newcomers = 1;
    if (from + entries.length > Object.keys(room.state.members).length + newcomers) {
      throw new ProtocolPolicyFault('member-limit', 'more entries than the room has members');
    }
    const at = now();
    await store.transact(async (database) => {
      await expireParts(database, at);
      await stageParts(database, { roomId: room.rowId, device, root }, { from, entries, at });
    });
    return { room, result: {} };
  });
};
