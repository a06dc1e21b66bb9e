import type { Address, DeviceName } from '@sotto/protocol';
import { administrator } from '../../../admin/administrator.ts';
import type { Handler } from '../../../handler.ts';
import type { OpenedSession } from '../../../sessions/registry.ts';
import type { Database } from '../../../store/store.ts';

/** Who is connected now, since when and with which device. */
export const list: Handler<'admin.sessions.list'> = async ({ after, limit }, context) => {
  return context.store.read(async (database) => {
    await administrator(database, context);
    const open = context.sessions
      .list()
      .filter(({ id }) => id > after)
      .toSorted((left, right) => left.id - right.id)
      .slice(0, limit);
    const sessions = [];
    for (const session of open) {
      const { id, since, source, identity } = session;
      sessions.push({ id, since, source, kind: identity.kind, ...(await whose(database, session)) });
    }
    return { sessions, next: open.length < limit ? null : (open.at(-1)?.id ?? null) };
  });
};

async function whose(
  database: Database,
  { identity }: OpenedSession,
): Promise<{ readonly address: Address | null; readonly device: DeviceName | null }> {
  if (identity.kind === 'anonymous') return { address: null, device: null };
  const account = await database
    .selectFrom('accounts')
    .select('address')
    .where('id', '=', identity.accountId)
    .executeTakeFirst();
  const address = (account?.address ?? null) as Address | null;
  if (identity.kind === 'account') return { address, device: null };
  const device = await database
    .selectFrom('devices')
    .select('name')
    .where('account_id', '=', identity.accountId)
    .where('device_id', '=', identity.deviceId)
    .executeTakeFirst();
  return { address, device: (device?.name ?? null) as DeviceName | null };
}
