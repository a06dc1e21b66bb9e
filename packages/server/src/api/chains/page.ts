import { type Chain, chainExtent, type Envelope, type OperationOutput, type Operations } from '@sotto/protocol';
import type { Account } from '../../accounts/accounts.ts';
import { chainOf, statementsOf } from '../../accounts/chains.ts';
import type { HandlerContext } from '../../handler.ts';

/** Statements of an account's chain from a position on, as many as fit an answer, and the signed head. */
export async function readChainPage(
  { store, cluster }: HandlerContext,
  { id, fingerprint: known }: Account,
  from: number,
): Promise<OperationOutput<Operations['chains.read']>> {
  const fingerprint = known as Uint8Array;
  const chain = (await chainOf(store, fingerprint)) as Chain;
  const statements = await store.read((database) => statementsOf(database, id, from, MAX_STATEMENTS));
  const head = await cluster.heads.sign({ kind: 'chain', id: fingerprint }, chainExtent(chain));
  return { fingerprint, statements: firstPage(statements), head };
}

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
