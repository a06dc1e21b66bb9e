import { type Address, chainExtent, type Presence } from '@sotto/protocol';
import { type Account, accountOf } from '../accounts/accounts.ts';
import { chainOf } from '../accounts/chains.ts';
import type { HandlerContext } from '../handler.ts';
import type { Database } from '../store/store.ts';

type Context = Pick<HandlerContext, 'store' | 'cluster' | 'presence' | 'notify'>;

/** Tells the mutual contacts of an account that are connected how it is seen now. Nothing is kept for the others. */
export async function announce(
  context: Context & { isConnected(accountId: number): boolean },
  accountId: number,
): Promise<void> {
  const { store } = context;
  const own = await store.read((database) => accountOf(database, accountId));
  const peers = (await store.read((database) => mutualsOf(database, own))).filter(({ id }) => context.isConnected(id));
  if (peers.length === 0) return;
  const presence = await presenceOf(context, own);
  if (presence === null) return;
  for (const { id } of peers) context.notify(id, { event: 'presence', presence });
}

/** Tells two who have become contacts how the other is seen. */
export async function introduce(context: Context, left: Account, right: Account): Promise<void> {
  await tell(context, { from: left, to: right, isSeen: true });
  await tell(context, { from: right, to: left, isSeen: true });
}

/** Tells two who were contacts that the other is offline: what it looks like when somebody goes. */
export async function part(context: Context, left: Account, right: Account): Promise<void> {
  await tell(context, { from: left, to: right, isSeen: false });
  await tell(context, { from: right, to: left, isSeen: false });
}

/** How an account is seen by those who may see it; null if it has no sigchain. */
export async function presenceOf(
  { store, cluster, presence }: Context,
  { id, address, fingerprint }: Account,
): Promise<Presence | null> {
  const chain = fingerprint === null ? null : await chainOf(store, fingerprint);
  if (chain === null) return null;
  const head = await cluster.heads.sign({ kind: 'chain', id: chain.fingerprint }, chainExtent(chain));
  return { address: address as Address, ...presence.seen(id), head };
}

/** The accounts that an account has as contacts and that have it, in the order of addresses. */
export async function mutualsOf(
  database: Database,
  own: Account,
  { after = '', limit = 1e6 }: { readonly after?: string; readonly limit?: number } = {},
): Promise<Account[]> {
  const rows = await database
    .selectFrom('contacts as mine')
    .innerJoin('accounts', 'accounts.address', 'mine.address')
    .innerJoin('contacts as theirs', 'theirs.account_id', 'accounts.id')
    .select('accounts.id')
    .where('mine.account_id', '=', own.id)
    .where('mine.state', '=', 'mutual')
    .where('theirs.address', '=', own.address)
    .where('theirs.state', '=', 'mutual')
    .where('mine.address', '>', after)
    .orderBy('mine.address')
    .limit(limit)
    .execute();
  const accounts: Account[] = [];
  for (const { id } of rows) accounts.push(await accountOf(database, id));
  return accounts;
}

async function tell(
  context: Context,
  { from, to, isSeen }: { readonly from: Account; readonly to: Account; readonly isSeen: boolean },
): Promise<void> {
  const seen = await presenceOf(context, from);
  if (seen === null || seen.state === 'offline') return;
  const gone = { state: 'offline', lastSeenAt: null, capabilities: [] } as const;
  context.notify(to.id, { event: 'presence', presence: isSeen ? seen : { ...seen, ...gone } });
}
