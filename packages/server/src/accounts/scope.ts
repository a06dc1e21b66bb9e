import { type OperationName, type OperationScope, operations, ProtocolPolicyFault } from '@sotto/protocol';
import type { Session } from '../handler.ts';
import type { Store } from '../store/store.ts';
import { accountSuspended, notAuthorised, signUpExpired } from './accounts.ts';

/** What a session is good for now. Throws `sign-up-expired`, `account-suspended`. */
async function scopeOf(store: Store, session: Session): Promise<OperationScope> {
  if (session.kind === 'anonymous') return 'anonymous';
  const deviceId = session.kind === 'device' ? session.deviceId : null;
  const account = await store.read((database) =>
    database
      .selectFrom('accounts')
      .leftJoin('devices', (join) =>
        join.onRef('devices.account_id', '=', 'accounts.id').on('devices.device_id', '=', deviceId),
      )
      .select(['accounts.step', 'accounts.suspended_at', 'devices.revoked'])
      .where('accounts.id', '=', session.accountId)
      .executeTakeFirst(),
  );
  if (account === undefined) throw signUpExpired();
  if (account.suspended_at !== null) throw accountSuspended();
  if (account.step !== 'complete') return 'sign-up';
  // A session that began before its device was revoked ends soon; until then it is good for nothing more.
  return session.kind === 'device' && account.revoked === 1 ? 'revoked' : session.kind;
}

/**
 * Throws `sign-up-incomplete`, `device-revoked` or `not-authorised` for an operation that is not for this session,
 * `sign-up-expired`, `account-suspended`.
 */
export async function checkScope(store: Store, session: Session, name: OperationName): Promise<void> {
  const scope = await scopeOf(store, session);
  if (operations[name].scopes.includes(scope)) return;
  if (scope === 'sign-up') throw new ProtocolPolicyFault('sign-up-incomplete', 'the sign-up comes first');
  if (scope === 'revoked') throw new ProtocolPolicyFault('device-revoked', 'this device was revoked by its account');
  throw notAuthorised('not for this kind of session');
}
