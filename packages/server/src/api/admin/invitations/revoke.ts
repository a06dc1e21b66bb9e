import { ProtocolPolicyFault } from '@sotto/protocol';
import { notFound } from '../../../accounts/accounts.ts';
import { expireSignUps } from '../../../accounts/names.ts';
import { administrator, checkMayGive } from '../../../admin/administrator.ts';
import { appendAudit } from '../../../admin/audit.ts';
import type { Handler } from '../../../handler.ts';

/** Throws `not-found`, `invitation-used` also while a sign-up holds it, `role-insufficient` for one above the own role. */
export const revoke: Handler<'admin.invitations.revoke'> = async ({ id }, context) => {
  const { store, now } = context;
  await store.transact(async (database) => {
    const actor = await administrator(database, context);
    await expireSignUps(database, now());
    const invitation = await database.selectFrom('invitations').selectAll().where('id', '=', id).executeTakeFirst();
    if (invitation === undefined) throw notFound();
    checkMayGive(actor, invitation.kind);
    if (invitation.used_at !== null || invitation.account_id !== null) {
      throw new ProtocolPolicyFault('invitation-used', 'the invitation is used');
    }
    await database.deleteFrom('invitations').where('id', '=', id).execute();
    const detail = { id, role: invitation.kind };
    await appendAudit(database, { at: now(), actor: actor.fingerprint, event: 'invitation.revoked', detail });
  });
  return {};
};
