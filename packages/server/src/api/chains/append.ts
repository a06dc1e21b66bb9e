import { activeDevice, type Chain, type Statement, statement } from '@sotto/protocol';
import { accountBy, notAuthorised, notFound } from '../../accounts/accounts.ts';
import { chainOf } from '../../accounts/chains.ts';
import { growChain } from '../../accounts/growth.ts';
import type { Handler, Session } from '../../handler.ts';
import { chainHead } from '../accounts/genesis.ts';

/**
 * Throws `not-found` for the chain of another account, `not-authorised` for other statements than these and for
 * anonymous callers without a recovery device, `chain-stale`, the faults of `extendChain`.
 */
export const append: Handler<'chains.append'> = async ({ envelope }, context) => {
  const parsed = statement.parse(envelope.signed);
  const { account: fingerprint } = parsed;
  if (fingerprint === null || !TYPES.has(parsed.type)) throw notAuthorised('no statement that is appended so');
  const account = await context.store.read((database) => accountBy(database, fingerprint));
  if (account === null || account.step !== 'complete') throw notFound();
  checkCaller(context.session, account.id, { chain: (await chainOf(context.store, fingerprint)) as Chain, parsed });
  await growChain(context, account, { envelopes: [envelope] });
  return { head: await chainHead(context, fingerprint) };
};

function checkCaller(
  session: Session,
  accountId: number,
  { chain, parsed }: { readonly chain: Chain; readonly parsed: Statement },
): void {
  if (session.kind !== 'anonymous') {
    if (session.accountId !== accountId) throw notFound();
    return;
  }
  const isRecovery = parsed.signers.every((signer) => activeDevice(chain, signer)?.kind === 'recovery');
  if (!isRecovery) throw notAuthorised('for those who have signed in');
}

const TYPES: ReadonlySet<Statement['type']> = new Set(['device.add', 'device.revoke', 'userkey.rotate']);
