import type { LogNode, MapNode } from '@sotto/transparency';
import { notFound } from '../accounts/accounts.ts';
import type { Database } from '../store/store.ts';
import type { LogMapRow } from '../store/tables.ts';

/** The log's stored nodes, as a function of which one. */
export async function readLogNodes(
  database: Database,
  nodes: readonly LogNode[],
): Promise<(node: LogNode) => Uint8Array> {
  const known = new Map<string, Uint8Array>();
  for (const names of batches([...new Set(nodes.map(nameOf))])) {
    const rows = await database.selectFrom('log_nodes').selectAll().where('node', 'in', names).execute();
    for (const { node, hash } of rows) known.set(node, hash);
  }
  return (node) => {
    const hash = known.get(nameOf(node));
    // A database from which somebody took rows away: there is nothing to prove with.
    if (hash === undefined) throw notFound();
    return hash;
  };
}

/** Keeps nodes of the log. */
export async function writeLogNodes(
  database: Database,
  nodes: readonly { readonly node: LogNode; readonly hash: Uint8Array }[],
): Promise<void> {
  const rows = nodes.map(({ node, hash }) => ({ node: nameOf(node), hash }));
  await database.insertInto('log_nodes').values(rows).execute();
}

/** The newest nodes of the map at paths; those without one are left out. */
export async function readNewestMap(
  database: Database,
  paths: readonly string[],
): Promise<ReadonlyMap<string, MapNode>> {
  const found = new Map<string, MapNode>();
  for (const some of batches(paths)) {
    const rows = await database
      .selectFrom('log_map')
      .selectAll()
      .where('path', 'in', some)
      .where('until', 'is', null)
      .execute();
    for (const row of rows) found.set(row.path, mapNode(row));
  }
  return found;
}

/** Puts nodes into the map from an epoch on; what stood there before stays for the epochs that had it. */
export async function writeMap(database: Database, epoch: number, nodes: ReadonlyMap<string, MapNode>): Promise<void> {
  for (const paths of batches([...nodes.keys()])) {
    await database
      .updateTable('log_map')
      .set({ until: epoch })
      .where('path', 'in', paths)
      .where('until', 'is', null)
      .execute();
    await database
      .insertInto('log_map')
      .values(paths.map((path) => ({ path, since: epoch, until: null, ...columnsOf(nodes.get(path) as MapNode) })))
      .execute();
  }
}

/** The nodes at paths in the epochs from `from` to before `to`, as a function of path and epoch. */
export async function readMapHistory(
  database: Database,
  paths: readonly string[],
  { from, to }: { readonly from: number; readonly to: number },
): Promise<(path: string, epoch: number) => MapNode | null> {
  const known = new Map<string, LogMapRow[]>();
  for (const some of batches(paths)) {
    const rows = await database
      .selectFrom('log_map')
      .selectAll()
      .where('path', 'in', some)
      .where('since', '<', to)
      .where((where) => where.or([where('until', 'is', null), where('until', '>', from)]))
      .execute();
    for (const row of rows) known.set(row.path, [...(known.get(row.path) ?? []), row]);
  }
  return (path, epoch) => {
    const row = known.get(path)?.find(({ since, until }) => since <= epoch && (until === null || until > epoch));
    return row === undefined ? null : mapNode(row);
  };
}

/** Lists that fit one query. */
function batches<Item>(items: readonly Item[]): Item[][] {
  const found: Item[][] = [];
  for (let i = 0; i < items.length; i += MAX_BATCH) found.push(items.slice(i, i + MAX_BATCH));
  return found;
}

function mapNode({ hash, place, value }: LogMapRow): MapNode {
  return place === null || value === null ? { kind: 'branch', hash } : { kind: 'leaf', hash, index: place, value };
}

function columnsOf(node: MapNode): Pick<LogMapRow, 'hash' | 'place' | 'value'> {
  const { hash } = node;
  return node.kind === 'leaf' ? { hash, place: node.index, value: node.value } : { hash, place: null, value: null };
}

function nameOf({ level, index }: LogNode): string {
  return `${level}/${index}`;
}

const MAX_BATCH = 500;
