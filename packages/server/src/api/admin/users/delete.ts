import { endCapabilities } from '../../../accounts/capabilities.ts';
import { checkOwnerStays } from '../../../admin/administrator.ts';
import { changeUser } from '../../../admin/change-user.ts';
import type { Handler } from '../../../handler.ts';
import type { Database } from '../../../store/store.ts';

/**
 * What opened the account is gone for good: vault secrets, exemptions, the sealed bundles of passphrase and recovery
 * kit; so are its profile and what waited in mailboxes; certificates are revoked. The name stays taken, and what was written in rooms is the rooms'. Throws `last-owner`.
 */
export const remove: Handler<'admin.users.delete'> = async ({ address }, context) => {
  const { user, accountId } = await changeUser(context, address, {
    event: 'account.deleted',
    async apply(database, target) {
      if (target.deleted_at !== null) return false;
      await checkOwnerStays(database, target);
      await erase(database, target.id, context.now());
      return true;
    },
  });
  context.sessions.endOf(accountId);
  return { user };
};

async function erase(database: Database, accountId: number, now: number): Promise<void> {
  for (const table of OPENING) {
    await database.deleteFrom(table).where('account_id', '=', accountId).execute();
  }
  await endCapabilities(database, accountId);
  await database
    .updateTable('certificates')
    .set({ revoked_at: now })
    .where('account_id', '=', accountId)
    .where('revoked_at', 'is', null)
    .execute();
  await database
    .updateTable('accounts')
    .set({
      suspended_at: now,
      deleted_at: now,
      role: 'user',
      step: 'complete',
      reserved_until: null,
      record: NOTHING,
      bundle: NOTHING,
    })
    .where('id', '=', accountId)
    .execute();
}

const NOTHING = new Uint8Array();
/** Tables whose rows of an account open it, wait for it, or show it to others. */
const OPENING = [
  'vaults',
  'exemptions',
  'recovery_kits',
  'links',
  'profiles',
  'profile_keys',
  'mailbox_items',
  'contacts',
  'contact_requests',
] as const;
