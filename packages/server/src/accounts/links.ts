import { ProtocolPolicyFault } from '@sotto/protocol';
import type { Selectable } from 'kysely';
import type { Database } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type Link = Selectable<Tables['links']>;

/**
 * The link request in a mailbox of an account. Throws `link-unknown` also for one of another account, `link-expired`.
 */
export async function linkOf(
  database: Database,
  accountId: number,
  { mailbox, now }: { readonly mailbox: Uint8Array; readonly now: number },
): Promise<Link> {
  const link = await database
    .selectFrom('links')
    .selectAll()
    .where('mailbox', '=', mailbox)
    .where('account_id', '=', accountId)
    .executeTakeFirst();
  if (link === undefined)
    throw new ProtocolPolicyFault('link-unknown', 'no device of this account waits under this code');
  if (link.expires_at <= now) throw expired();
  return link;
}

/** Forgets what nobody may use any more; an hour longer, so that who comes late is told why. */
export async function sweepLinks(database: Database, now: number): Promise<void> {
  await database
    .deleteFrom('links')
    .where('expires_at', '<=', now - REMEMBERED_MILLISECONDS)
    .execute();
}

function expired(): ProtocolPolicyFault {
  return new ProtocolPolicyFault('link-expired', 'the code was good for ten minutes');
}

export function linkUsed(): ProtocolPolicyFault {
  return new ProtocolPolicyFault('link-used', 'the code was used before');
}

export const LINK_MILLISECONDS: number = 10 * 60 * 1000;
const REMEMBERED_MILLISECONDS = 3600 * 1000;
