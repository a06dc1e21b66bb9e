import { hex } from '@sotto/bytes';
import { type Chain, type Envelope, envelope, ProtocolPeerFault, restoreChain } from '@sotto/protocol';
import { unconfirmed } from '../restored/settle.ts';
import { perStore, RecentMap } from '../store/memory.ts';
import type { Database, Store } from '../store/store.ts';
import { type DeviceChange, updateDevices } from './devices.ts';

/** The sigchain of a fingerprint as the server has it; null for none. */
export async function chainOf(store: Store, fingerprint: Uint8Array): Promise<Chain | null> {
  const account = await store.read((database) =>
    database
      .selectFrom('accounts')
      .select(['id', 'chain_length'])
      .where('fingerprint', '=', fingerprint)
      .executeTakeFirst(),
  );
  if (account === undefined) return null;
  const kept = chains(store);
  const key = hex(fingerprint);
  const known = kept.get(key);
  if (known !== undefined && known.hashes.length === account.chain_length) return known;
  const statements = await store.read((database) => statementsOf(database, account.id));
  const chain = restoreChain(statements);
  kept.set(key, chain);
  return chain;
}

/** Statements of an account's chain from a position on. */
export async function statementsOf(database: Database, accountId: number, from = 0, limit = 1e6): Promise<Envelope[]> {
  const rows = await database
    .selectFrom('statements')
    .select('envelope')
    .where('account_id', '=', accountId)
    .where('seq', '>=', from)
    .orderBy('seq')
    .limit(limit)
    .execute();
  return rows.map((row) => envelope.parse(row.envelope));
}

export interface NewStatements {
  readonly envelopes: readonly Envelope[];
  /** With them. */
  readonly chain: Chain;
  readonly at: number;
  /** Given back to a restored server: taken although the chain may lack more. */
  readonly restored?: boolean;
}

/**
 * Appends what was verified to an account's chain, with all that follows for its devices. `chain` is the chain with it.
 * Throws `chain-stale` if it does not follow the stored one, `restored-unconfirmed`.
 */
export async function appendStatements(
  database: Database,
  accountId: number,
  { envelopes, chain, at, restored = false }: NewStatements,
): Promise<DeviceChange> {
  const first = chain.hashes.length - envelopes.length;
  if (!restored) await checkComplete(database, accountId, first);
  const values = envelopes.map((value, index) => ({
    account_id: accountId,
    seq: first + index,
    envelope: envelope.encode(value),
  }));
  const moved = await database
    .updateTable('accounts')
    .set({ chain_length: chain.hashes.length })
    .where('id', '=', accountId)
    .where('chain_length', '=', first)
    .executeTakeFirst();
  if (moved.numUpdatedRows !== 1n) throw new ProtocolPeerFault('chain-stale', 'the chain has moved on');
  await database.insertInto('statements').values(values).execute();
  return updateDevices(database, accountId, { chain, first, at });
}

/** A new chain is of the present life of the data; one of an earlier life takes nothing new until it is found complete. */
async function checkComplete(database: Database, accountId: number, length: number): Promise<void> {
  const { incarnation } = await database.selectFrom('cluster').select('incarnation').executeTakeFirstOrThrow();
  if (length === 0) {
    await database.updateTable('accounts').set({ incarnation }).where('id', '=', accountId).execute();
    return;
  }
  const account = await database
    .selectFrom('accounts')
    .select('incarnation')
    .where('id', '=', accountId)
    .executeTakeFirstOrThrow();
  if (account.incarnation < incarnation) throw unconfirmed('the sigchain');
}

const chains = perStore(() => new RecentMap<string, Chain>(MAX_KEPT_CHAINS));
const MAX_KEPT_CHAINS = 10_000;
