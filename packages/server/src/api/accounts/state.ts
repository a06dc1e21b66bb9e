import { accountOf } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

export const state: Handler<'accounts.state'> = async (_input, context) => {
  const account = await context.store.read((database) => accountOf(database, sessionAccount(context)));
  const { suite, bundle, fingerprint, sign_up, step } = account;
  return { suite, bundle, fingerprint, signUp: { id: sign_up, step } };
};
