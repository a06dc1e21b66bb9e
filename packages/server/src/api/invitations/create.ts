import { accountOf, notAuthorised } from '../../accounts/accounts.ts';
import { mintInvitations } from '../../accounts/invitations.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

/** Throws `not-authorised` unless the caller is owner or admin. */
export const create: Handler<'invitations.create'> = async ({ count }, context) => {
  const { store, primitives, now } = context;
  const account = await store.read((database) => accountOf(database, sessionAccount(context)));
  if (account.role === 'user') throw notAuthorised('owners and admins invite');
  return mintInvitations(store, { primitives, now }, { kind: 'user', createdBy: account.id, count });
};
