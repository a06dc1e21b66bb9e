import { equal } from '@sotto/bytes';
import { sha256 } from '@sotto/crypto';
import { notFound } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` if that secret is not here. */
export const confirm: Handler<'vaults.confirm'> = async ({ id, blob: kept }, context) => {
  const { accountId, deviceId } = deviceSession(context);
  await context.store.transact(async (database) => {
    const vault = await database
      .selectFrom('vaults')
      .select(['blob', 'next_blob'])
      .where('account_id', '=', accountId)
      .where('vault_id', '=', id)
      .where('device_id', '=', deviceId)
      .executeTakeFirst();
    const blob = [vault?.next_blob, vault?.blob].find((each) => each != null && equal(sha256(each), kept));
    if (blob == null) throw notFound();
    await database
      .updateTable('vaults')
      .set({ blob, next_blob: null })
      .where('account_id', '=', accountId)
      .where('vault_id', '=', id)
      .execute();
  });
  return {};
};
