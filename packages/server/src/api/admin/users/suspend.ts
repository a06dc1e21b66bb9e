import { endCapabilities } from '../../../accounts/capabilities.ts';
import { checkOwnerStays } from '../../../admin/administrator.ts';
import { changeUser } from '../../../admin/change-user.ts';
import type { Handler } from '../../../handler.ts';

/** Ends the sessions and capabilities of the account, too. Throws `last-owner`. */
export const suspend: Handler<'admin.users.suspend'> = async ({ address }, context) => {
  const { user, accountId } = await changeUser(context, address, {
    event: 'account.suspended',
    async apply(database, target) {
      if (target.suspended_at !== null) return false;
      await checkOwnerStays(database, target);
      await endCapabilities(database, target.id);
      await database.updateTable('accounts').set({ suspended_at: context.now() }).where('id', '=', target.id).execute();
      return true;
    },
  });
  context.sessions.endOf(accountId);
  return { user };
};
