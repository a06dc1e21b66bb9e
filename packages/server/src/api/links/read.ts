import { linkOf, linkUsed } from '../../accounts/links.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `link-unknown`, `link-expired`, `link-used`. */
export const read: Handler<'links.read'> = async ({ mailbox }, context) => {
  const { accountId } = deviceSession(context);
  const now = context.now();
  const link = await context.store.read((database) => linkOf(database, accountId, { mailbox, now }));
  if (link.answer !== null) throw linkUsed();
  return { request: link.request, expiresAt: link.expires_at };
};
