import { accountOf, notFound } from '../../../accounts/accounts.ts';
import { administrator, checkMayActOn } from '../../../admin/administrator.ts';
import { appendAudit } from '../../../admin/audit.ts';
import type { Handler } from '../../../handler.ts';

/** Throws `not-found`, `role-insufficient`. */
export const end: Handler<'admin.sessions.end'> = async ({ id }, context) => {
  const { store, sessions, now } = context;
  const found = sessions.list().find((session) => session.id === id);
  await store.transact(async (database) => {
    const actor = await administrator(database, context);
    if (found === undefined) throw notFound();
    const { identity } = found;
    const target = identity.kind === 'anonymous' ? null : await accountOf(database, identity.accountId);
    if (target !== null && target.id !== actor.id) checkMayActOn(actor, target);
    const subject = target?.address ?? found.source;
    await appendAudit(database, { at: now(), actor: actor.fingerprint, event: 'session.ended', subject });
  });
  sessions.end(id);
  return {};
};
