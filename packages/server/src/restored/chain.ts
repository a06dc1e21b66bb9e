import { equal } from '@sotto/bytes';
import { type Primitives, type Suites, sha256 } from '@sotto/crypto';
import {
  type Address,
  addressSkeleton,
  type Chain,
  chainExtends,
  chainExtent,
  type Envelope,
  extendChain,
  ProtocolPeerFault,
  type SignedHead,
  statement,
  verifyChain,
} from '@sotto/protocol';
import { accountBy } from '../accounts/accounts.ts';
import { appendStatements, chainOf } from '../accounts/chains.ts';
import { checkName } from '../accounts/names.ts';
import type { Database, Store } from '../store/store.ts';
import { forgetConfirmations, installationsOf, isComplete, type Moment } from './settle.ts';

/** Opens a restored sigchain if it is complete for all that its own devices know; whether it is open. */
export async function settleChain(database: Database, accountId: number, moment: Moment): Promise<boolean> {
  const account = await database
    .selectFrom('accounts')
    .select(['fingerprint', 'chain_length', 'claimed', 'incarnation'])
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  const { fingerprint: subject, chain_length: length, claimed, incarnation } = account;
  if (incarnation >= moment.incarnation || subject === null) return true;
  const devices = await installationsOf(database, [accountId]);
  if (!(await isComplete(database, { subject, length, claimed, devices }, moment))) return false;
  await database.updateTable('accounts').set({ incarnation: moment.incarnation }).where('id', '=', accountId).execute();
  await forgetConfirmations(database, subject);
  return true;
}

/** Notes that the cluster once signed a chain of this length. */
export async function claimChain(database: Database, accountId: number, length: number): Promise<void> {
  await database
    .updateTable('accounts')
    .set({ claimed: length })
    .where('id', '=', accountId)
    .where('claimed', '<', length)
    .execute();
}

export interface ReturnedChain {
  readonly account: Uint8Array;
  /** Verified: the cluster signed it. */
  readonly head: SignedHead;
  readonly statements: readonly Envelope[];
}

interface ChainContext {
  readonly store: Store;
  readonly suites: Suites;
  readonly primitives: Primitives;
  readonly cluster: { readonly domain: string; readonly incarnation: number };
  now(): number;
}

/**
 * Takes back statements that lead exactly to a head that the cluster signed; an account that was lost whole comes back
 * with its name, its chain and its devices, and without a way to sign in by passphrase. Throws `split-view` if the
 * chain here is another one, `chain-broken` for statements that do not lead to the head, and the faults of `extendChain`.
 */
export async function takeBackChain(context: ChainContext, returned: ReturnedChain): Promise<number> {
  const { store } = context;
  const { account: fingerprint, head } = returned;
  const known = await chainOf(store, fingerprint);
  if (known === null) return createLost(context, returned);
  if (known.hashes.length >= head.length) {
    if (chainExtends(known, head)) return known.hashes.length;
    throw new ProtocolPeerFault('split-view', 'the sigchain here is another one');
  }
  const { chain, fresh } = await extended(context.suites, known, returned);
  await store.transact(async (database) => {
    const account = await accountBy(database, fingerprint);
    if (account === null) throw broken('the account is gone');
    await appendStatements(database, account.id, { envelopes: fresh, chain, at: context.now(), restored: true });
  });
  return chain.hashes.length;
}

async function extended(
  suites: Suites,
  known: Chain,
  { head, statements }: ReturnedChain,
): Promise<{ readonly chain: Chain; readonly fresh: readonly Envelope[] }> {
  const fresh: Envelope[] = [];
  let chain = known;
  for (const envelope of statements) {
    const { seq } = statement.parse(envelope.signed);
    const stored = known.hashes[seq];
    if (stored !== undefined) {
      if (!equal(stored, sha256(envelope.signed))) {
        throw new ProtocolPeerFault('split-view', 'the sigchain here is another one');
      }
      continue;
    }
    chain = await extendChain(suites, chain, envelope);
    fresh.push(envelope);
  }
  checkHead(chain, head);
  return { chain, fresh };
}

async function createLost(context: ChainContext, returned: ReturnedChain): Promise<number> {
  const { store, suites, primitives, cluster, now } = context;
  const { account: fingerprint, head, statements } = returned;
  const [genesis] = statements;
  const parsed = genesis === undefined ? null : statement.parse(genesis.signed);
  if (parsed?.type !== 'genesis') throw broken('a lost chain comes back from its genesis on');
  const { address } = parsed.body;
  const chain = await verifyChain(suites, statements, address);
  if (!equal(chain.fingerprint, fingerprint)) throw broken('a genesis of another account');
  checkHead(chain, head);
  await store.transact(async (database) => {
    if ((await accountBy(database, fingerprint)) !== null) return;
    await checkName(database, address as Address, { domain: cluster.domain, now: now() });
    const row = await database
      .insertInto('accounts')
      .values({
        address,
        skeleton: addressSkeleton(address as Address),
        suite: chain.suite,
        role: 'user',
        record: new Uint8Array(),
        bundle: new Uint8Array(),
        sign_up: primitives.randomBytes(16),
        registration: primitives.randomBytes(32),
        step: 'complete',
        reserved_until: null,
        fingerprint,
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    await appendStatements(database, row.id, { envelopes: statements, chain, at: now(), restored: true });
  });
  return chain.hashes.length;
}

function checkHead(chain: Chain, head: SignedHead): void {
  const { length, hash } = chainExtent(chain);
  if (length !== head.length || !equal(hash, head.hash)) throw broken('the statements do not lead to the signed head');
}

function broken(what: string): ProtocolPeerFault {
  return new ProtocolPeerFault('chain-broken', what);
}
