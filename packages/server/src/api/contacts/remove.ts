import { accountOf } from '../../accounts/accounts.ts';
import { partFrom } from '../../contacts/contacts.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Ends a contact, withdraws or declines a request, lifts a block; whichever there is. */
export const remove: Handler<'contacts.remove'> = async ({ address }, context) => {
  const { accountId } = deviceSession(context);
  await context.store.transact(async (database) => partFrom(database, await accountOf(database, accountId), address));
  context.notify(accountId, { event: 'contacts' });
  return {};
};
