import { ProtocolPolicyFault, ProtocolUsageFault } from '@sotto/protocol';
import type { Selectable } from 'kysely';
import type { Database } from '../store/store.ts';
import type { Tables } from '../store/tables.ts';

export type Account = Selectable<Tables['accounts']>;

/** The account of a session. Throws `sign-up-expired` if it was a sign-up that took too long. */
export async function accountOf(database: Database, accountId: number): Promise<Account> {
  const account = await database.selectFrom('accounts').selectAll().where('id', '=', accountId).executeTakeFirst();
  if (account === undefined) throw signUpExpired();
  return account;
}

/** An account whose sign-up is complete; null for every other address. */
export async function accountAt(database: Database, address: string): Promise<Account | null> {
  const account = await database
    .selectFrom('accounts')
    .selectAll()
    .where('address', '=', address)
    .where('step', '=', 'complete')
    .executeTakeFirst();
  return account ?? null;
}

/** The account of a fingerprint, by its chain. */
export async function accountBy(database: Database, fingerprint: Uint8Array): Promise<Account | null> {
  const account = await database
    .selectFrom('accounts')
    .selectAll()
    .where('fingerprint', '=', fingerprint)
    .executeTakeFirst();
  return account ?? null;
}

/** An account that is gone was a sign-up that took too long. */
export function signUpExpired(): ProtocolPolicyFault {
  return new ProtocolPolicyFault('sign-up-expired', 'the sign-up took longer than an hour; begin anew');
}

/** For everything that a suspended account asks, whichever way it came in. */
export function accountSuspended(): ProtocolPolicyFault {
  return new ProtocolPolicyFault('account-suspended', 'an administrator has suspended this account');
}

/** The one answer to what is not there and to what is none of the caller's business. */
export function notFound(): ProtocolUsageFault {
  return new ProtocolUsageFault('not-found', 'not found');
}

export function notAuthorised(what: string): ProtocolPolicyFault {
  return new ProtocolPolicyFault('not-authorised', what);
}
