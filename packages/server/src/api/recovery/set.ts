import { hex } from '@sotto/bytes';
import { type Chain, type Envelope, ProtocolPeerFault, type Statement, statement } from '@sotto/protocol';
import { accountOf } from '../../accounts/accounts.ts';
import { chainOf } from '../../accounts/chains.ts';
import { growChain } from '../../accounts/growth.ts';
import type { Handler } from '../../handler.ts';
import { chainHead } from '../accounts/genesis.ts';
import { deviceSession } from '../session.ts';

/** Throws `chain-body-invalid` for other statements than the change of a kit, `chain-stale`, the faults of `extendChain`. */
export const set: Handler<'recovery.set'> = async ({ kit, bundle, statements }, context) => {
  const { accountId, fingerprint } = deviceSession(context);
  const account = await context.store.read((database) => accountOf(database, accountId));
  checkStatements((await chainOf(context.store, fingerprint)) as Chain, statements);
  await growChain(context, account, {
    envelopes: statements,
    async beside(database) {
      await database.deleteFrom('recovery_kits').where('account_id', '=', accountId).execute();
      await database.insertInto('recovery_kits').values({ account_id: accountId, kit, bundle }).execute();
    },
  });
  return { head: await chainHead(context, fingerprint) };
};

/** The end of the kit before, if there is one, and the new one. */
function checkStatements(chain: Chain, statements: readonly Envelope[]): void {
  const parsed = statements.map(({ signed }) => statement.parse(signed));
  const [added, revoked] = parsed.toReversed() as [Statement, Statement?];
  const isAdd = added.type === 'device.add' && added.body.device.kind === 'recovery';
  const isRevoke =
    revoked === undefined ||
    (revoked.type === 'device.revoke' && chain.devices.get(hex(revoked.body.device))?.kind === 'recovery');
  if (!isAdd || !isRevoke) throw new ProtocolPeerFault('chain-body-invalid', 'not the change of a recovery kit');
}
