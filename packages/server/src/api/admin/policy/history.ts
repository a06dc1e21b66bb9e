import { administrator } from '../../../admin/administrator.ts';
import type { Handler } from '../../../handler.ts';

/** Oldest first, a few at a time. */
export const history: Handler<'admin.policy.history'> = async ({ after }, context) => {
  return context.store.read(async (database) => {
    await administrator(database, context);
    const rows = await database
      .selectFrom('policies')
      .select(['signed', 'signature', 'public_key'])
      .where('version', '>', after)
      .orderBy('version')
      .limit(4)
      .execute();
    return {
      policies: rows.map(({ signed, signature, public_key }) => ({ signed, signature, publicKey: public_key })),
    };
  });
};
