import { notFound } from '../../../accounts/accounts.ts';
import { administrator } from '../../../admin/administrator.ts';
import { auditEntries } from '../../../admin/audit.ts';
import type { Handler } from '../../../handler.ts';

/** Throws `not-found` for a log without an entry. */
export const read: Handler<'admin.audit.read'> = async ({ from, limit }, context) => {
  const { store, cluster } = context;
  const { entries, length, hash } = await store.read(async (database) => {
    await administrator(database, context);
    // The head first: entries only grow, so those up to it are there.
    const head = await database.selectFrom('audit_head').selectAll().executeTakeFirstOrThrow();
    const most = Math.max(0, Math.min(limit, head.length - from));
    return { ...head, entries: most === 0 ? [] : await auditEntries(database, { from, limit: most }) };
  });
  if (hash === null) throw notFound();
  return { entries, head: await cluster.heads.sign({ kind: 'audit', id: cluster.caFingerprint }, { length, hash }) };
};
