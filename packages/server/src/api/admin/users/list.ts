import { administrator, userView } from '../../../admin/administrator.ts';
import type { Handler } from '../../../handler.ts';

export const list: Handler<'admin.users.list'> = async ({ after, limit }, context) => {
  return context.store.read(async (database) => {
    await administrator(database, context);
    const rows = await database
      .selectFrom('accounts')
      .selectAll()
      .where('id', '>', after)
      .orderBy('id')
      .limit(limit)
      .execute();
    const users = [];
    for (const row of rows) users.push(await userView(database, row));
    return { users, next: rows.length < limit ? null : (rows.at(-1)?.id ?? null) };
  });
};
