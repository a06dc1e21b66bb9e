import { hex } from '@sotto/bytes';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

export const list: Handler<'devices.list'> = async (_, context) => {
  const { accountId } = deviceSession(context);
  const open = context.sessions.list().flatMap(({ identity }) => (identity.kind === 'device' ? [identity] : []));
  const connected = new Set(open.map(({ deviceId }) => hex(deviceId)));
  const rows = await context.store.read((database) =>
    database
      .selectFrom('devices')
      .select(['device_id', 'last_seen_at'])
      .where('account_id', '=', accountId)
      .where('revoked', '=', 0)
      .orderBy('device_id')
      .execute(),
  );
  const devices = rows.map(({ device_id, last_seen_at }) => {
    return { device: device_id, connected: connected.has(hex(device_id)), lastSeenAt: last_seen_at };
  });
  return { devices };
};
