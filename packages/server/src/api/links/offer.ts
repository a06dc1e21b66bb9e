import { equal } from '@sotto/bytes';
import { ProtocolPolicyFault } from '@sotto/protocol';
import { LINK_MILLISECONDS, linkUsed, sweepLinks } from '../../accounts/links.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

/** Throws `link-used` for a mailbox that is taken, `quota-exceeded`. */
export const offer: Handler<'links.offer'> = async ({ mailbox, request }, context) => {
  const accountId = sessionAccount(context);
  const now = context.now();
  return context.store.transact(async (database) => {
    await sweepLinks(database, now);
    const known = await database.selectFrom('links').selectAll().where('mailbox', '=', mailbox).executeTakeFirst();
    if (known !== undefined) {
      const isSame = known.account_id === accountId && equal(known.request, request) && known.answer === null;
      if (isSame) return { expiresAt: known.expires_at };
      throw linkUsed();
    }
    const { count } = await database
      .selectFrom('links')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('account_id', '=', accountId)
      .where('expires_at', '>', now)
      .executeTakeFirstOrThrow();
    if (Number(count) >= MAX_LINKS) throw new ProtocolPolicyFault('quota-exceeded', 'too many devices wait already');
    const expiresAt = now + LINK_MILLISECONDS;
    await database
      .insertInto('links')
      .values({ mailbox, account_id: accountId, request, answer: null, expires_at: expiresAt })
      .execute();
    return { expiresAt };
  });
};

const MAX_LINKS = 8;
