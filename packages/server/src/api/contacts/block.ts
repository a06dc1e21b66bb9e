import { ProtocolPeerFault } from '@sotto/protocol';
import { accountOf } from '../../accounts/accounts.ts';
import { mutualAt, partFrom } from '../../contacts/contacts.ts';
import type { Handler } from '../../handler.ts';
import { part } from '../../presence/announce.ts';
import { deviceSession } from '../session.ts';

/** Ends what is between the caller and an address and lets nothing through any more; the address learns nothing. */
export const block: Handler<'contacts.block'> = async ({ address }, context) => {
  const { accountId } = deviceSession(context);
  const { own, peer } = await context.store.transact(async (database) => {
    const own = await accountOf(database, accountId);
    if (own.address === address) throw new ProtocolPeerFault('contact-invalid', 'nobody blocks themselves');
    const peer = await mutualAt(database, own, address);
    await partFrom(database, own, address);
    await database.insertInto('contacts').values({ account_id: accountId, address, state: 'blocked' }).execute();
    return { own, peer };
  });
  context.notify(accountId, { event: 'contacts' });
  if (peer !== null) await part(context, own, peer);
  return {};
};
