import { notFound } from '../../accounts/accounts.ts';
import { visibleAccount } from '../../accounts/visibility.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';
import { readChainPage } from './page.ts';

/** Throws `not-found` for chains that are not there and for those that are none of the caller's business. */
export const read: Handler<'chains.read'> = async ({ account, from }, context) => {
  const accountId = sessionAccount(context);
  const target = await context.store.read((database) =>
    visibleAccount(database, accountId, { account, visibility: 'contacts and requests' }),
  );
  if (target.id !== accountId && context.session.kind !== 'device') throw notFound();
  return readChainPage(context, target, from);
};
