import type { Chain } from '@sotto/protocol';
import { chainExtent, type Envelope } from '@sotto/protocol';
import { notFound } from '../../accounts/accounts.ts';
import { chainOf, statementsOf } from '../../accounts/chains.ts';
import { visibleAccount } from '../../accounts/visibility.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

/** Throws `not-found` for chains that are not there and for those that are none of the caller's business. */
export const read: Handler<'chains.read'> = async ({ account, from }, context) => {
  const { store, cluster } = context;
  const accountId = sessionAccount(context);
  const target = await store.read((database) =>
    visibleAccount(database, accountId, { account, visibility: 'contacts and requests' }),
  );
  if (target.id !== accountId && context.session.kind !== 'device') throw notFound();
  const fingerprint = target.fingerprint as Uint8Array;
  const chain = (await chainOf(store, fingerprint)) as Chain;
  const statements = await store.read((database) => statementsOf(database, target.id, from, MAX_STATEMENTS));
  const head = await cluster.heads.sign({ kind: 'chain', id: fingerprint }, chainExtent(chain));
  return { fingerprint, statements: firstPage(statements), head };
};

function firstPage(statements: readonly Envelope[]): Envelope[] {
  const page: Envelope[] = [];
  let size = 0;
  for (const envelope of statements) {
    size += envelope.signed.length + envelope.signatures.reduce((sum, signature) => sum + signature.length, 0);
    if (size > PAGE_BYTES && page.length > 0) break;
    page.push(envelope);
  }
  return page;
}

const MAX_STATEMENTS = 16;
const PAGE_BYTES = 200 * 1024;
