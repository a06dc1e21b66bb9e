import type { Address, ContactState } from '@sotto/protocol';
import { type Account, accountAt } from '../accounts/accounts.ts';
import type { Database } from '../store/store.ts';

/** One entry of an account's contact list. */
export interface Contact {
  readonly address: Address;
  readonly state: ContactState;
}

/** An account's contacts, by address. Where several states hold the stronger one shows: blocked, mutual, incoming. */
export async function contactsOf(database: Database, accountId: number): Promise<Contact[]> {
  const states = new Map<string, ContactState>();
  const requested = await database
    .selectFrom('contact_requests')
    .select('address')
    .where('account_id', '=', accountId)
    .execute();
  for (const { address } of requested) states.set(address, 'requested');
  const incoming = await database
    .selectFrom('contact_requests')
    .innerJoin('accounts', 'accounts.id', 'contact_requests.account_id')
    .select('accounts.address')
    .where('receiver_id', '=', accountId)
    .execute();
  for (const { address } of incoming) states.set(address, 'incoming');
  const settled = await database
    .selectFrom('contacts')
    .select(['address', 'state'])
    .where('account_id', '=', accountId)
    .execute();
  for (const { address, state } of settled) states.set(address, state);
  return [...states]
    .map(([address, state]) => ({ address: address as Address, state }))
    .sort((left, right) => (left.address < right.address ? -1 : 1));
}

/** How `accountId` stands to an address; null for no settled standing. */
export async function standingOf(
  database: Database,
  accountId: number,
  address: string,
): Promise<'mutual' | 'blocked' | null> {
  const row = await database
    .selectFrom('contacts')
    .select('state')
    .where('account_id', '=', accountId)
    .where('address', '=', address)
    .executeTakeFirst();
  return row?.state ?? null;
}

/** True if both have each other as contacts. */
export async function areMutual(database: Database, left: Account, right: Account): Promise<boolean> {
  const there = await standingOf(database, left.id, right.address);
  const back = await standingOf(database, right.id, left.address);
  return there === 'mutual' && back === 'mutual';
}

/** The account of an address that is a mutual contact; null for every other. */
export async function mutualAt(database: Database, own: Account, address: string): Promise<Account | null> {
  const peer = await accountAt(database, address);
  return peer !== null && (await areMutual(database, own, peer)) ? peer : null;
}

/** True if `from` has a request that `to` sees. */
export async function isPending(database: Database, from: number, to: number): Promise<boolean> {
  const row = await database
    .selectFrom('contact_requests')
    .select('account_id')
    .where('account_id', '=', from)
    .where('receiver_id', '=', to)
    .executeTakeFirst();
  return row !== undefined;
}

/** Makes two accounts contacts of each other; requests between them are settled. */
export async function becomeMutual(database: Database, left: Account, right: Account): Promise<void> {
  for (const [own, peer] of [
    [left, right],
    [right, left],
  ] as const) {
    await withdraw(database, own.id, peer.address);
    await database
      .insertInto('contacts')
      .values({ account_id: own.id, address: peer.address, state: 'mutual' })
      .onConflict((conflict) => conflict.columns(['account_id', 'address']).doUpdateSet({ state: 'mutual' }))
      .execute();
  }
}

/**
 * Ends what is between an account and an address. The other side keeps what it asked for in its own list, so that it
 * does not learn what became of it.
 */
export async function partFrom(database: Database, own: Account, address: string): Promise<void> {
  await withdraw(database, own.id, address);
  await database.deleteFrom('contacts').where('account_id', '=', own.id).where('address', '=', address).execute();
  const peer = await database.selectFrom('accounts').select('id').where('address', '=', address).executeTakeFirst();
  if (peer === undefined) return;
  await database
    .updateTable('contact_requests')
    .set({ receiver_id: null })
    .where('account_id', '=', peer.id)
    .where('receiver_id', '=', own.id)
    .execute();
  await database
    .deleteFrom('contacts')
    .where('account_id', '=', peer.id)
    .where('address', '=', own.address)
    .where('state', '=', 'mutual')
    .execute();
}

async function withdraw(database: Database, accountId: number, address: string): Promise<void> {
  await database
    .deleteFrom('contact_requests')
    .where('account_id', '=', accountId)
    .where('address', '=', address)
    .execute();
}
