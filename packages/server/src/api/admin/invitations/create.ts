import { insertInvitations, newInvitations } from '../../../accounts/invitations.ts';
import { administrator, checkMayGive } from '../../../admin/administrator.ts';
import { appendAudit } from '../../../admin/audit.ts';
import type { Handler } from '../../../handler.ts';

/** Throws `role-insufficient` for a role above the caller's own. */
export const create: Handler<'admin.invitations.create'> = async ({ count, role, days }, context) => {
  const { store, primitives, now } = context;
  const made = newInvitations({ primitives, now }, { count, days });
  await store.transact(async (database) => {
    const actor = await administrator(database, context);
    checkMayGive(actor, role);
    await insertInvitations(database, made, { kind: role, createdBy: actor.id });
    const detail = { role, count, days };
    await appendAudit(database, { at: now(), actor: actor.fingerprint, event: 'invitation.created', detail });
  });
  return made;
};
