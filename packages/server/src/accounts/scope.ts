import { type OperationName, type OperationScope, operations, ProtocolPolicyFault } from '@sotto/protocol';
import type { Session } from '../handler.ts';
import type { Store } from '../store/store.ts';
import { accountSuspended, notAuthorised, signUpExpired } from './accounts.ts';

/** What a session is good for now. Throws `sign-up-expired`, `account-suspended`. */
async function scopeOf(store: Store, session: Session): Promise<OperationScope> {
  if (session.kind === 'anonymous') return 'anonymous';
  const account = await store.read((database) =>
    database
      .selectFrom('accounts')
      .select(['step', 'suspended_at'])
      .where('id', '=', session.accountId)
      .executeTakeFirst(),
  );
  if (account === undefined) throw signUpExpired();
  if (account.suspended_at !== null) throw accountSuspended();
  return account.step === 'complete' ? session.kind : 'sign-up';
}

/** Throws `sign-up-incomplete` or `not-authorised` for an operation that is not for this session, `sign-up-expired`, `account-suspended`. */
export async function checkScope(store: Store, session: Session, name: OperationName): Promise<void> {
  const scope = await scopeOf(store, session);
  if (operations[name].scopes.includes(scope)) return;
  if (scope === 'sign-up') throw new ProtocolPolicyFault('sign-up-incomplete', 'the sign-up comes first');
  throw notAuthorised('not for this kind of session');
}
