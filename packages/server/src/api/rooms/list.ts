import { sql } from 'kysely';
import type { Handler } from '../../handler.ts';
import type { Database } from '../../store/store.ts';
import { deviceSession } from '../session.ts';

/** Rooms in the order in which the caller came to them, behind the one named; an unknown one is none. */
export const list: Handler<'rooms.list'> = async ({ after }, { store, cluster, ...context }) => {
  const { accountId } = deviceSession(context);
  const listed = await store.read(async (database) => {
    const position = after === null ? 0 : await positionOf(database, accountId, after);
    return database
      .selectFrom('room_members')
      .innerJoin('rooms', 'rooms.id', 'room_members.room_id')
      .innerJoin('room_entries', (join) =>
        join
          .onRef('room_entries.room_id', '=', 'rooms.id')
          .on('room_entries.n', '=', sql<number>`coalesce(room_members.until, rooms.length) - 1`),
      )
      .select(['rooms.room', 'rooms.type', 'room_entries.n', 'room_entries.log_hash', 'room_entries.at'])
      .select('room_members.until')
      .where('room_members.account_id', '=', accountId)
      .where('room_members.position', '>', position)
      .orderBy('room_members.position')
      .limit(MAX_ROOMS)
      .execute();
  });
  const rooms = [];
  for (const { room, type, n, log_hash: hash, at, until } of listed) {
    const subject = { kind: 'room', id: room } as const;
    const head = await cluster.heads.sign(subject, { length: n + 1, hash }, until === null ? undefined : at);
    rooms.push({ room, type, length: n + 1, at, head });
  }
  return { rooms };
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

const MAX_ROOMS = 500;
