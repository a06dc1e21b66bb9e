import { chainExtent, envelope, parseAddress, signContactStatement } from '@sotto/protocol';
import { firstDevice } from '@sotto/testing';
import { accountAt } from '../../../packages/server/src/accounts/accounts.ts';
import type { HandlerContext } from '../../../packages/server/src/handler.ts';
import { deliver } from '../../../packages/server/src/mailboxes.ts';
import { ghostAt } from './ghosts.ts';
import type { Lies } from './handlers.entry.ts';
import type { LieOrder } from './order.ts';

export const mailboxLies: Lies = {
  async 'mailboxes.read'({ order, context, ask }) {
    if (order.lie === 'pose' && !posed.has(order.address)) {
      posed.add(order.address);
      await pose(order, context);
    }
    return ask();
  },
};

async function pose({ address, to }: LieOrder & { readonly lie: 'pose' }, context: HandlerContext): Promise<void> {
  const ghost = await ghostAt(address, context);
  const { id, signing } = firstDevice(ghost);
  const at = context.now();
  const request = {
    v: 1,
    suite: ghost.suite.id,
    author: ghost.chain.fingerprint,
    authorAddress: ghost.address,
    device: id,
    chain: chainExtent(ghost.chain),
    to: parseAddress(to),
    at,
    type: 'request',
    expected: null,
  } as const;
  const item = envelope.encode(await signContactStatement(ghost.suite, request, signing));
  await context.store.transact(async (database) => {
    const account = await accountAt(database, request.to);
    await deliver(database, { accountId: account?.id as number, kind: 'contact', item, at });
  });
}

/** Each name is taken once. */
const posed = new Set<string>();
