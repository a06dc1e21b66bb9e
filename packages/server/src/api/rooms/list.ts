import { sql } from 'kysely';
import type { Handler } from '../../handler.ts';
import type { Database } from '../../store/store.ts';
import { deviceSession } from '../session.ts';

/** Rooms in the order in which the caller came to them, behind the one named; an unknown one is none. */
export const list: Handler<'rooms.list'> = async ({ after }, context) => {
  const { accountId } = deviceSession(context);
  return context.store.read(async (database) => {
    const position = after === null ? 0 : await positionOf(database, accountId, after);
    const rooms = await database
      .selectFrom('room_members')
      .innerJoin('rooms', 'rooms.id', 'room_members.room_id')
      .select(['rooms.room', 'rooms.type', sql<number>`coalesce(room_members.until, rooms.length)`.as('length')])
      .where('room_members.account_id', '=', accountId)
      .where('room_members.position', '>', position)
      .orderBy('room_members.position')
      .limit(MAX_ROOMS)
      .execute();
    return { rooms };
  });
};

async function positionOf(database: Database, accountId: number, room: Uint8Array): Promise<number> {
  const row = await database
    .selectFrom('room_members')
    .innerJoin('rooms', 'rooms.id', 'room_members.room_id')
    .select('room_members.position')
    .where('room_members.account_id', '=', accountId)
    .where('rooms.room', '=', room)
    .executeTakeFirst();
  return row?.position ?? 0;
}

const MAX_ROOMS = 1000;
