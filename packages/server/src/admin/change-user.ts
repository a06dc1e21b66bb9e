import type { Address, AdminUser, AuditEvent } from '@sotto/protocol';
import type { Account } from '../accounts/accounts.ts';
import type { HandlerContext } from '../handler.ts';
import type { Database } from '../store/store.ts';
import { administrator, checkMayActOn, userAt, userView } from './administrator.ts';
import { appendAudit } from './audit.ts';

/** One change of an account by an administrator. */
export interface UserChange {
  readonly event: AuditEvent;
  readonly detail?: Readonly<Record<string, string | number>>;
  /** Checks and writes; false if it is so already. */
  apply(database: Database, target: Account, actor: Account): Promise<boolean>;
}

/**
 * Rights, change and audit entry in one transaction. Doing it twice is doing it once. Throws `not-authorised`,
 * `not-found`, `role-insufficient` and what the change throws.
 */
export async function changeUser(
  context: HandlerContext,
  address: Address,
  { event, detail = {}, apply }: UserChange,
): Promise<{ readonly user: AdminUser; readonly accountId: number }> {
  return context.store.transact(async (database) => {
    const actor = await administrator(database, context);
    const target = await userAt(database, address);
    checkMayActOn(actor, target);
    if (await apply(database, target, actor)) {
      await appendAudit(database, { at: context.now(), actor: actor.fingerprint, event, subject: address, detail });
    }
    return { user: await userView(database, await userAt(database, address)), accountId: target.id };
  });
}
