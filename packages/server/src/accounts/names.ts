import { type Address, addressDomain, addressSkeleton, ProtocolPolicyFault, ProtocolWireFault } from '@sotto/protocol';
import type { Database } from '../store/store.ts';

/**
 * Checks that a name of this domain is free. Throws `address-malformed` for another domain, `address-taken`, and
 * `address-look-alike` for one that the eye takes for another's.
 */
export async function checkName(
  database: Database,
  address: Address,
  { domain, now }: { readonly domain: string; readonly now: number },
): Promise<void> {
  if (addressDomain(address) !== domain) throw new ProtocolWireFault('address-malformed', 'an address elsewhere');
  const alike = await database
    .selectFrom('accounts')
    .select('address')
    .where('skeleton', '=', addressSkeleton(address))
    .where((where) => where.or([where('step', '<>', 'registered'), where('reserved_until', '>', now)]))
    .executeTakeFirst();
  if (alike === undefined) return;
  if (alike.address === address) throw new ProtocolPolicyFault('address-taken', 'the name is taken');
  throw new ProtocolPolicyFault('address-look-alike', 'the name looks like one that is taken');
}

/** Frees the names of sign-ups that took too long. Certificates that they got are revoked. */
export async function expireSignUps(database: Database, now: number): Promise<void> {
  const expired = await database
    .selectFrom('accounts')
    .select('id')
    .where('step', '=', 'registered')
    .where('reserved_until', '<=', now)
    .execute();
  if (expired.length === 0) return;
  const ids = expired.map(({ id }) => id);
  await database.updateTable('certificates').set({ revoked_at: now }).where('account_id', 'in', ids).execute();
  await database.deleteFrom('accounts').where('id', 'in', ids).execute();
}
