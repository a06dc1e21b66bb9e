import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { type OperationInput, type Operations, ProtocolPeerFault } from '@sotto/protocol';
import { accountOf } from '../../accounts/accounts.ts';
import { forbidden, policyInForce } from '../../admin/policy.ts';
import type { Handler, HandlerContext } from '../../handler.ts';
import { judgeRoom, storeRoom } from '../../rooms/create.ts';
import { readableHead } from '../../rooms/read.ts';
import type { Database } from '../../store/store.ts';
import { deviceSession } from '../session.ts';

type Input = OperationInput<Operations['rooms.create']>;

/** Opens a room with the two statements that begin it. Throws their faults, `roster-stale` for another era 0 of a room that exists. */
export const create: Handler<'rooms.create'> = async ({ statements }, context) => {
  const { store } = context;
  const { accountId, fingerprint, deviceId } = deviceSession(context);
  const id = sha256((statements[0] as Input['statements'][number]).envelope.signed);
  if (!(await isRepeated(context, id, statements))) {
    const types = ['direct', 'chat'] as const;
    const room = await judgeRoom(context, { statements, author: fingerprint, device: deviceId, types });
    await store.transact(async (database) => {
      if (room.state.type === 'chat') await checkCreator(database, accountId);
      await storeRoom(database, room);
    });
    context.notify(accountId, { event: 'room', room: id, length: room.state.length });
  }
  return { head: await readableHead(context, accountId, id) };
};

/** Direct rooms are everybody's; of others the policy says who makes them. */
async function checkCreator(database: Database, accountId: number): Promise<void> {
  const { roomCreation } = await policyInForce(database);
  const { role } = await accountOf(database, accountId);
  const may = { everybody: true, admins: role !== 'user', owners: role === 'owner' };
  if (!may[roomCreation]) throw forbidden('making rooms');
}

async function isRepeated(
  { store }: HandlerContext,
  id: Uint8Array,
  statements: Input['statements'],
): Promise<boolean> {
  const stored = await store.read((database) =>
    database
      .selectFrom('room_entries')
      .innerJoin('rooms', 'rooms.id', 'room_entries.room_id')
      .select('signed_hash')
      .where('rooms.room', '=', id)
      .where('n', '=', 1)
      .executeTakeFirst(),
  );
  if (stored === undefined) return false;
  if (equal(stored.signed_hash, sha256((statements[1] as Input['statements'][number]).envelope.signed))) return true;
  throw new ProtocolPeerFault('roster-stale', 'the room exists with another era 0');
}
