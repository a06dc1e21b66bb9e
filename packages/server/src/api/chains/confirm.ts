import { chainExtends, ProtocolPeerFault } from '@sotto/protocol';
import { chainOf } from '../../accounts/chains.ts';
import type { Handler } from '../../handler.ts';
import { claimChain, settleChain } from '../../restored/chain.ts';
import { confirm as note } from '../../restored/settle.ts';
import { deviceSession } from '../session.ts';

/** Compares a restored sigchain with what a device of its account knows. Throws `head-invalid`, `split-view`. */
export const confirm: Handler<'chains.confirm'> = async ({ head }, context) => {
  const { store, cluster, now } = context;
  const { accountId, fingerprint, deviceId } = deviceSession(context);
  await cluster.heads.verify({ kind: 'chain', id: fingerprint }, head);
  const chain = await chainOf(store, fingerprint);
  const isWhole = chain !== null && head.length <= chain.hashes.length;
  if (isWhole && !chainExtends(chain, head)) {
    throw new ProtocolPeerFault('split-view', 'the sigchain here is another one');
  }
  const moment = { incarnation: cluster.incarnation, now: now() };
  const open = await store.transact(async (database) => {
    await claimChain(database, accountId, head.length);
    if (isWhole) await note(database, { subject: fingerprint, device: deviceId }, moment);
    return settleChain(database, accountId, moment);
  });
  return { open };
};
