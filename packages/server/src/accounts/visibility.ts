import { areMutual, isPending } from '../contacts/contacts.ts';
import type { Database } from '../store/store.ts';
import { type Account, accountAt, accountBy, accountOf, notFound } from './accounts.ts';

/** Whose keys the caller may see. `receiver`: also those of somebody whose contact request waits for the caller. */
export type Visibility = 'contacts' | 'contacts and requests';

/**
 * The account of a fingerprint or an address, if the caller may see its chain: it is its own, a mutual contact's, a
 * co-member's of a room, or by `visibility` a requester's. Throws `not-found` alike for all others and for none.
 */
export async function visibleAccount(
  database: Database,
  callerId: number,
  { account, visibility }: { readonly account: Uint8Array | string; readonly visibility: Visibility },
): Promise<Account> {
  const target = await (typeof account === 'string' ? accountAt(database, account) : accountBy(database, account));
  if (target === null || target.step !== 'complete') throw notFound();
  if (target.id === callerId) return target;
  if (await areMutual(database, await accountOf(database, callerId), target)) return target;
  if (visibility === 'contacts and requests' && (await isPending(database, target.id, callerId))) return target;
  if (await shareRoom(database, callerId, target.id)) return target;
  throw notFound();
}

/** True if the caller can read an entry of a room in which the other is, or was, a member. */
async function shareRoom(database: Database, callerId: number, otherId: number): Promise<boolean> {
  const shared = await database
    .selectFrom('room_members as mine')
    .innerJoin('room_members as theirs', 'theirs.room_id', 'mine.room_id')
    .select('mine.room_id')
    .where('mine.account_id', '=', callerId)
    .where('theirs.account_id', '=', otherId)
    .where((where) => where.or([where('mine.until', 'is', null), where('theirs.since', '<', where.ref('mine.until'))]))
    .limit(1)
    .executeTakeFirst();
  return shared !== undefined;
}
