import { accountOf } from '../../accounts/accounts.ts';
import { mutualAt, partFrom } from '../../contacts/contacts.ts';
import type { Handler } from '../../handler.ts';
import { part } from '../../presence/announce.ts';
import { deviceSession } from '../session.ts';

/** Ends a contact, withdraws or declines a request, lifts a block; whichever there is. */
export const remove: Handler<'contacts.remove'> = async ({ address }, context) => {
  const { accountId } = deviceSession(context);
  const { own, peer } = await context.store.transact(async (database) => {
    const own = await accountOf(database, accountId);
    const peer = await mutualAt(database, own, address);
    await partFrom(database, own, address);
    return { own, peer };
  });
  context.notify(accountId, { event: 'contacts' });
  if (peer !== null) await part(context, own, peer);
  return {};
};
