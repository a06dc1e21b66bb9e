import { type Secret, sha256, vrfPublicKey } from '@sotto/crypto';
import { envelope } from '@sotto/protocol';
import {
  appendedNodes,
  changeMap,
  EMPTY_MAP,
  encodeEpoch,
  entryHash,
  frontierOf,
  leafHash,
  type MapEntry,
  mapLeaf,
  type Placement,
  placeAddress,
} from '@sotto/transparency';
import type { Database, Store } from '../store/store.ts';
import { readLogNodes, readNewestMap, writeLogNodes, writeMap } from './nodes.ts';

/** Chains of one epoch: a restored server brings all of its own into the new log, in several. */
export const MAX_EPOCH_CHAINS = 200;

/** A chain that has grown since the log last had it. */
interface GrownChain {
  readonly accountId: number;
  readonly address: string;
  readonly entry: MapEntry;
  readonly placement: Placement;
  readonly isNew: boolean;
}

/**
 * Makes one epoch of the chains that have grown since the last, up to `MAX_EPOCH_CHAINS`, and gives their number;
 * no epoch for none. A chain that grows meanwhile comes into the next.
 */
export async function makeEpoch(store: Store, vrfKey: Secret, now: () => number): Promise<number> {
  const grown = await store.read((database) => grownChains(database, vrfKey));
  if (grown.length === 0) return 0;
  const epoch = { vrf: vrfPublicKey(vrfKey), at: now() };
  await store.transact((database) => append(database, grown, epoch));
  return grown.length;
}

/** Epochs of the log. */
export async function logSize(database: Database): Promise<number> {
  return (await database.selectFrom('log_state').select('size').executeTakeFirstOrThrow()).size;
}

/** Begins a new log if the data begins a new life. */
export async function beginLog(database: Database, incarnation: number): Promise<void> {
  const begun = await database
    .updateTable('log_state')
    .set({ incarnation, size: 0 })
    .where('incarnation', '<>', incarnation)
    .executeTakeFirst();
  if (begun.numUpdatedRows === 0n) return;
  for (const table of ['log_epochs', 'log_nodes', 'log_map', 'log_entries', 'log_places'] as const) {
    await database.deleteFrom(table).execute();
  }
  await database.updateTable('accounts').set({ logged_length: 0 }).execute();
}

async function grownChains(database: Database, vrfKey: Secret): Promise<GrownChain[]> {
  const rows = await database
    .selectFrom('accounts')
    .leftJoin('log_places', 'log_places.account_id', 'accounts.id')
    .innerJoin('statements', (join) =>
      join
        .onRef('statements.account_id', '=', 'accounts.id')
        .on((on) => on('statements.seq', '=', on('accounts.chain_length', '-', 1))),
    )
    .select(['accounts.id', 'address', 'fingerprint', 'chain_length', 'place', 'proof', 'envelope'])
    .whereRef('logged_length', '<>', 'chain_length')
    .where('step', '=', 'complete')
    .orderBy('accounts.id')
    .limit(MAX_EPOCH_CHAINS)
    .execute();
  return rows.map(({ id, address, fingerprint, chain_length: length, place, proof, envelope: newest }) => {
    const entry = { account: fingerprint as Uint8Array, length, hash: sha256(envelope.parse(newest).signed) };
    const known = place === null || proof === null ? null : { index: place, proof };
    const placement = known ?? placeAddress(vrfKey, address);
    return { accountId: id, address, entry, placement, isNew: known === null };
  });
}

async function append(
  database: Database,
  grown: readonly GrownChain[],
  { vrf, at }: { readonly vrf: Uint8Array; readonly at: number },
): Promise<void> {
  const size = await logSize(database);
  const leaves = grown.map(({ address, entry, placement }) => mapLeaf(placement.index, entryHash(address, entry)));
  const changed = await changeMap(leaves, (paths) => readNewestMap(database, paths));
  await writeMap(database, size, changed);
  await keepEntries(database, size, grown);
  const epoch = encodeEpoch({ vrf, map: changed.get('')?.hash ?? EMPTY_MAP, at });
  const stored = await readLogNodes(database, frontierOf(size));
  await writeLogNodes(database, appendedNodes(size, leafHash(epoch), stored));
  await database.insertInto('log_epochs').values({ n: size, epoch }).execute();
  await database
    .updateTable('log_state')
    .set({ size: size + 1 })
    .execute();
}

async function keepEntries(database: Database, since: number, grown: readonly GrownChain[]): Promise<void> {
  const places = grown.filter(({ isNew }) => isNew);
  if (places.length > 0) {
    const rows = places.map(({ accountId, placement: { index, proof } }) => ({
      account_id: accountId,
      place: index,
      proof,
    }));
    await database.insertInto('log_places').values(rows).execute();
  }
  const entries = grown.map(({ accountId, entry: { length, hash } }) => ({
    account_id: accountId,
    since,
    length,
    hash,
  }));
  await database.insertInto('log_entries').values(entries).execute();
  for (const { accountId, entry } of grown) {
    const { length } = entry;
    await database.updateTable('accounts').set({ logged_length: length }).where('id', '=', accountId).execute();
  }
}
