import type { Handler } from '../../handler.ts';
import { takeBackChain } from '../../restored/chain.ts';
import { deviceSession } from '../session.ts';

/** Takes back statements that a restored server lost. Throws `head-invalid` and the faults of `takeBackChain`. */
export const restore: Handler<'chains.restore'> = async ({ account, head, statements }, context) => {
  deviceSession(context);
  await context.cluster.heads.verify({ kind: 'chain', id: account }, head);
  return { length: await takeBackChain(context, { account, head, statements }) };
};
