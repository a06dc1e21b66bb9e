import { administrator } from '../../admin/administrator.ts';
import { statisticsOf } from '../../admin/statistics.ts';
import type { Handler } from '../../handler.ts';

export const statistics: Handler<'admin.statistics'> = async (_input, context) => {
  const { store, now, sessions } = context;
  return store.read(async (database) => {
    await administrator(database, context);
    const connected = sessions.list().filter(({ identity }) => identity.kind === 'device').length;
    return { ...(await statisticsOf(database, now())), connected };
  });
};
