import { statement } from '@sotto/protocol';
import { accountOf, notAuthorised } from '../../accounts/accounts.ts';
import { growChain } from '../../accounts/growth.ts';
import { linkOf, linkUsed } from '../../accounts/links.ts';
import type { Handler } from '../../handler.ts';
import { chainHead } from '../accounts/genesis.ts';
import { deviceSession } from '../session.ts';

/** Throws `link-unknown`, `link-expired`, `link-used`, `chain-stale`, the faults of `extendChain`. */
export const answer: Handler<'links.answer'> = async ({ mailbox, answer, envelope }, context) => {
  const { accountId, fingerprint } = deviceSession(context);
  if (statement.parse(envelope.signed).type !== 'device.add') throw notAuthorised('a link admits a device');
  const now = context.now();
  const account = await context.store.read(async (database) => {
    await linkOf(database, accountId, { mailbox, now });
    return accountOf(database, accountId);
  });
  await growChain(context, account, {
    envelopes: [envelope],
    async beside(database) {
      const written = await database
        .updateTable('links')
        .set({ answer })
        .where('mailbox', '=', mailbox)
        .where('account_id', '=', accountId)
        .where('answer', 'is', null)
        .executeTakeFirst();
      if (written.numUpdatedRows !== 1n) throw linkUsed();
    },
  });
  return { head: await chainHead(context, fingerprint) };
};
