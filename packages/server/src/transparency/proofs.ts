import type { Secret } from '@sotto/crypto';
import type { ShownAddress } from '@sotto/protocol';
import {
  consistencyRanges,
  type EpochProof,
  inclusionRanges,
  type LogRange,
  mapPaths,
  nodesOf,
  placeAddress,
  proveMap,
  rangeHash,
} from '@sotto/transparency';
import type { Account } from '../accounts/accounts.ts';
import type { Database } from '../store/store.ts';
import { readLogNodes, readMapHistory } from './nodes.ts';

/** Epochs from `from` to before `to`, and the size of the log that they are proven against. */
export interface EpochSpan {
  readonly from: number;
  readonly to: number;
  readonly size: number;
}

/** The root of the log's first `size` epochs. */
export async function logRoot(database: Database, size: number): Promise<Uint8Array> {
  const range = { start: 0, end: size };
  return rangeHash(range, await readLogNodes(database, nodesOf([range])));
}

/** The proof that a log of `to` epochs grew out of one of `from`; nothing is to be proven of one with none. */
export async function consistencyProof(
  database: Database,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Uint8Array[]> {
  const [proof = []] = from === 0 ? [] : await hashesOf(database, [consistencyRanges(from, to)]);
  return proof;
}

/** Epochs with their proofs of inclusion. */
export async function epochProofs(database: Database, { from, to, size }: EpochSpan): Promise<EpochProof[]> {
  const rows = await database
    .selectFrom('log_epochs')
    .selectAll()
    .where('n', '>=', from)
    .where('n', '<', to)
    .orderBy('n')
    .execute();
  const whole = { start: 0, end: size };
  const paths = await hashesOf(
    database,
    rows.map(({ n }) => inclusionRanges(n, whole)),
  );
  return rows.map(({ epoch }, i) => ({ epoch, path: paths[i] ?? [] }));
}

/** What the epochs say of an account's address. */
export async function addressProofs(
  database: Database,
  { id, address, fingerprint }: Account,
  { from, to, vrfKey }: Omit<EpochSpan, 'size'> & { readonly vrfKey: Secret },
): Promise<ShownAddress> {
  const kept = await database.selectFrom('log_places').selectAll().where('account_id', '=', id).executeTakeFirst();
  const placed = kept === undefined ? placeAddress(vrfKey, address) : { index: kept.place, proof: kept.proof };
  const nodeAt = await readMapHistory(database, mapPaths(placed.index, MAP_BITS), { from, to });
  const known = await database
    .selectFrom('log_entries')
    .select(['since', 'length', 'hash'])
    .where('account_id', '=', id)
    .where('since', '<', to)
    .orderBy('since', 'desc')
    .execute();
  const entries = Array.from({ length: to - from }, (_, i) => {
    const epoch = from + i;
    const found = known.find(({ since }) => since <= epoch);
    const entry =
      found === undefined ? null : { account: fingerprint as Uint8Array, length: found.length, hash: found.hash };
    return { entry, ...proveMap(placed.index, (path) => nodeAt(path, epoch)) };
  });
  return { placement: placed.proof, entries };
}

async function hashesOf(database: Database, proofs: readonly (readonly LogRange[])[]): Promise<Uint8Array[][]> {
  const stored = await readLogNodes(database, nodesOf(proofs.flat()));
  return proofs.map((ranges) => ranges.map((range) => rangeHash(range, stored)));
}

const MAP_BITS = 256;
