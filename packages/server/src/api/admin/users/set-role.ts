import { notFound } from '../../../accounts/accounts.ts';
import { checkMayGive, checkOwnerStays } from '../../../admin/administrator.ts';
import { changeUser } from '../../../admin/change-user.ts';
import type { Handler } from '../../../handler.ts';

/** Throws `role-insufficient` for a role above the caller's own, `last-owner`. */
export const setRole: Handler<'admin.users.set-role'> = async ({ address, role }, context) => {
  const { user } = await changeUser(context, address, {
    event: 'account.role-set',
    detail: { role },
    async apply(database, target, actor) {
      checkMayGive(actor, role);
      if (target.deleted_at !== null || target.step !== 'complete') throw notFound();
      if (target.role === role) return false;
      await checkOwnerStays(database, target);
      await database.updateTable('accounts').set({ role }).where('id', '=', target.id).execute();
      return true;
    },
  });
  return { user };
};
