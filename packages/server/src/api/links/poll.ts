import { linkOf } from '../../accounts/links.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

/** Throws `link-unknown`, `link-expired`. */
export const poll: Handler<'links.poll'> = async ({ mailbox }, context) => {
  const accountId = sessionAccount(context);
  const now = context.now();
  const { answer } = await context.store.read((database) => linkOf(database, accountId, { mailbox, now }));
  return { answer };
};
