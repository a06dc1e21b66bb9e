import { accountOf } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

export const self: Handler<'accounts.self'> = async (_input, context) => {
  const { role } = await context.store.read((database) => accountOf(database, sessionAccount(context)));
  return { role };
};
