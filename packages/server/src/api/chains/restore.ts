import { verifyHead } from '@sotto/protocol';
import type { Handler } from '../../handler.ts';
import { takeBackChain } from '../../restored/chain.ts';
import { deviceSession } from '../session.ts';

/** Takes back statements that a restored server lost. Throws `head-invalid` and the faults of `takeBackChain`. */
export const restore: Handler<'chains.restore'> = async ({ account, head, statements }, context) => {
  const { cluster, primitives } = context;
  deviceSession(context);
  await verifyHead(primitives, cluster.headPublicKeys, { subject: { kind: 'chain', id: account }, head });
  return { length: await takeBackChain(context, { account, head, statements }) };
};
