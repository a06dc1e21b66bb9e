import { notFound } from '../../../accounts/accounts.ts';
import { changeUser } from '../../../admin/change-user.ts';
import type { Handler } from '../../../handler.ts';

/** Throws `not-found` for an account that was deleted. */
export const resume: Handler<'admin.users.resume'> = async ({ address }, context) => {
  const { user } = await changeUser(context, address, {
    event: 'account.resumed',
    async apply(database, target) {
      if (target.deleted_at !== null) throw notFound();
      if (target.suspended_at === null) return false;
      await database.updateTable('accounts').set({ suspended_at: null }).where('id', '=', target.id).execute();
      return true;
    },
  });
  return { user };
};
