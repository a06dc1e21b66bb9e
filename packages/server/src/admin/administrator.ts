import { type AccountRole, type Address, type AdminUser, accountRoles, ProtocolPolicyFault } from '@sotto/protocol';
import { type Account, accountOf, notAuthorised, notFound } from '../accounts/accounts.ts';
import { deviceSession } from '../api/session.ts';
import type { HandlerContext } from '../handler.ts';
import type { Database } from '../store/store.ts';

/** The caller, as the store has it at this moment. Throws `not-authorised` unless owner or admin. */
export async function administrator(database: Database, context: HandlerContext): Promise<Account> {
  const account = await accountOf(database, deviceSession(context).accountId);
  if (account.role === 'user' || account.suspended_at !== null) throw notAuthorised('for owners and admins');
  return account;
}

/** The same for what owners alone may do. */
export async function owner(database: Database, context: HandlerContext): Promise<Account> {
  const account = await administrator(database, context);
  if (account.role !== 'owner') throw notAuthorised('for owners');
  return account;
}

/** An account that is not deleted, under its address. Throws `not-found`. */
export async function userAt(database: Database, address: Address): Promise<Account> {
  const account = await database.selectFrom('accounts').selectAll().where('address', '=', address).executeTakeFirst();
  if (account === undefined) throw notFound();
  return account;
}

/** Owners act on everybody, admins on users. Throws `role-insufficient`. */
export function checkMayActOn(actor: Account, target: Account): void {
  if (actor.role === 'owner' || isAbove(actor.role, target.role)) return;
  throw new ProtocolPolicyFault('role-insufficient', 'admins act on users, owners on everybody');
}

/** Nobody gives more than the own role. Throws `role-insufficient`. */
export function checkMayGive(actor: Account, role: AccountRole): void {
  if (!isAbove(role, actor.role)) return;
  throw new ProtocolPolicyFault('role-insufficient', 'nobody gives a role above their own');
}

/** There is always an owner who can sign in. Throws `last-owner`. */
export async function checkOwnerStays(database: Database, target: Account): Promise<void> {
  if (target.role !== 'owner') return;
  const other = await database
    .selectFrom('accounts')
    .select('id')
    .where('role', '=', 'owner')
    .where('step', '=', 'complete')
    .where('suspended_at', 'is', null)
    .where('deleted_at', 'is', null)
    .where('id', '<>', target.id)
    .limit(1)
    .executeTakeFirst();
  if (other === undefined) throw new ProtocolPolicyFault('last-owner', 'the last owner stays: name another one first');
}

/** An account as administrators see it. */
export async function userView(database: Database, account: Account): Promise<AdminUser> {
  const { count } = await database
    .selectFrom('devices')
    .where('account_id', '=', account.id)
    .where('kind', '=', 'keybox')
    .where('revoked', '=', 0)
    .select((row) => row.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  const { address, fingerprint, role } = account;
  return { address: address as Address, fingerprint, role, state: stateOf(account), devices: Number(count) };
}

function stateOf({ step, suspended_at, deleted_at }: Account): AdminUser['state'] {
  if (deleted_at !== null) return 'deleted';
  if (step !== 'complete') return 'incomplete';
  return suspended_at === null ? 'active' : 'suspended';
}

function isAbove(left: AccountRole, right: AccountRole): boolean {
  return accountRoles.indexOf(left) < accountRoles.indexOf(right);
}
