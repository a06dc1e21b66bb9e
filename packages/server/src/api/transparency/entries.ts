import { Fault } from '@sotto/bytes';
import type { Address, ShownAddress } from '@sotto/protocol';
import { notFound } from '../../accounts/accounts.ts';
import { visibleAccount } from '../../accounts/visibility.ts';
import type { Handler } from '../../handler.ts';
import type { Database } from '../../store/store.ts';
import { logSize } from '../../transparency/epoch.ts';
import { addressProofs, epochProofs } from '../../transparency/proofs.ts';
import { deviceSession } from '../session.ts';

/**
 * Shows what epochs say of those whose chains the caller may read, and nothing of the others. Throws `not-found` for
 * epochs that the log has not had.
 */
export const entries: Handler<'transparency.entries'> = async ({ size, from, to, addresses }, context) => {
  const { accountId } = deviceSession(context);
  const { vrfKey } = context.transparency;
  return context.store.read(async (database) => {
    if (to > size || size > (await logSize(database))) throw notFound();
    const shown: (ShownAddress | null)[] = [];
    for (const address of addresses) shown.push(await show(database, address, { accountId, from, to, vrfKey }));
    return { epochs: await epochProofs(database, { from, to, size }), addresses: shown };
  });
};

async function show(
  database: Database,
  address: Address,
  { accountId, ...span }: { readonly accountId: number } & Parameters<typeof addressProofs>[2],
): Promise<ShownAddress | null> {
  try {
    const target = { account: address, visibility: 'contacts and requests' } as const;
    return await addressProofs(database, await visibleAccount(database, accountId, target), span);
  } catch (cause) {
    if (cause instanceof Fault && cause.code === 'not-found') return null;
    throw cause;
  }
}
