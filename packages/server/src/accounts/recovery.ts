import { sha256 } from '@sotto/crypto';
import { ProtocolPolicyFault } from '@sotto/protocol';
import type { Database } from '../store/store.ts';
import { type Account, accountOf, accountSuspended } from './accounts.ts';

/** The account of a kit in force, by its lookup id. Throws `recovery-unknown`, `account-suspended`. */
export async function accountOfKit(
  database: Database,
  lookup: Uint8Array,
): Promise<{ readonly account: Account; readonly bundle: Uint8Array }> {
  const kit = await database
    .selectFrom('recovery_kits')
    .select(['account_id', 'bundle'])
    .where('kit', '=', sha256(lookup))
    .executeTakeFirst();
  if (kit === undefined) {
    throw new ProtocolPolicyFault(
      'recovery-unknown',
      'this recovery key opens nothing here: it may have been replaced',
    );
  }
  const account = await accountOf(database, kit.account_id);
  if (account.suspended_at !== null) throw accountSuspended();
  return { account, bundle: kit.bundle };
}
