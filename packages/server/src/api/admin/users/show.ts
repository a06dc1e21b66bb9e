import type { DeviceName } from '@sotto/protocol';
import { administrator, userAt, userView } from '../../../admin/administrator.ts';
import type { Handler } from '../../../handler.ts';

/** Throws `not-found`. */
export const show: Handler<'admin.users.show'> = async ({ address }, context) => {
  return context.store.read(async (database) => {
    await administrator(database, context);
    const account = await userAt(database, address);
    const rows = await database
      .selectFrom('devices')
      .select(['device_id', 'name', 'kind', 'revoked'])
      .where('account_id', '=', account.id)
      .orderBy('device_id')
      .limit(1000)
      .execute();
    const devices = rows.map(({ device_id, name, kind, revoked }) => ({
      id: device_id,
      name: name as DeviceName,
      kind,
      revoked: revoked !== 0,
    }));
    return { user: await userView(database, account), devices };
  });
};
