import { currentMembers } from '../rooms/members.ts';
import type { Room } from '../rooms/room.ts';
import type { Database, Store } from '../store/store.ts';
import { forgetConfirmations, installationsOf, isComplete, type Moment, unconfirmed } from './settle.ts';

/** The room, open for new entries. Throws `restored-unconfirmed` for one of an earlier life that may lack some. */
export async function openRoom(store: Store, room: Room, moment: Moment): Promise<Room> {
  if (room.incarnation >= moment.incarnation) return room;
  const isOpen = await store.transact((database) => settleRoom(database, room.rowId, moment));
  if (!isOpen) throw unconfirmed('this room');
  return { ...room, incarnation: moment.incarnation };
}

/** Opens a restored room if it is complete for all that anybody knows; whether it is open. */
export async function settleRoom(database: Database, rowId: number, moment: Moment): Promise<boolean> {
  const { room, length, claimed, incarnation } = await database
    .selectFrom('rooms')
    .select(['room', 'length', 'claimed', 'incarnation'])
    .where('id', '=', rowId)
    .executeTakeFirstOrThrow();
  if (incarnation >= moment.incarnation) return true;
  const devices = await installationsOf(database, await currentMembers(database, rowId));
  if (!(await isComplete(database, { subject: room, length, claimed, devices }, moment))) return false;
  await database.updateTable('rooms').set({ incarnation: moment.incarnation }).where('id', '=', rowId).execute();
  await forgetConfirmations(database, room);
  return true;
}

/** Notes that the cluster once signed a log of this length. */
export async function claimRoom(database: Database, rowId: number, length: number): Promise<void> {
  await database
    .updateTable('rooms')
    .set({ claimed: length })
    .where('id', '=', rowId)
    .where('claimed', '<', length)
    .execute();
}
