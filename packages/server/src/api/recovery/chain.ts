import { accountOfKit } from '../../accounts/recovery.ts';
import type { Handler } from '../../handler.ts';
import { readChainPage } from '../chains/page.ts';

/** Throws `recovery-unknown`. */
export const chain: Handler<'recovery.chain'> = async ({ lookup, from }, context) => {
  const { account } = await context.store.read((database) => accountOfKit(database, lookup));
  return readChainPage(context, account, from);
};
