import { equal } from '@sotto/bytes';
import { notFound } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` for the vault of another device. */
export const store: Handler<'vaults.store'> = async ({ id, blob, exemption }, context) => {
  const { accountId, deviceId } = deviceSession(context);
  await context.store.transact(async (database) => {
    const vault = await database
      .selectFrom('vaults')
      .select(['blob', 'device_id'])
      .where('account_id', '=', accountId)
      .where('vault_id', '=', id)
      .executeTakeFirst();
    if (vault === undefined) {
      const values = { account_id: accountId, vault_id: id, blob, next_blob: null, device_id: deviceId };
      await database
        .deleteFrom('vaults')
        .where('account_id', '=', accountId)
        .where('device_id', '=', deviceId)
        .execute();
      await database.insertInto('vaults').values(values).execute();
    } else if (vault.device_id === null || !equal(vault.device_id, deviceId)) {
      throw notFound();
    } else if (!equal(vault.blob, blob)) {
      await database
        .updateTable('vaults')
        .set({ next_blob: blob })
        .where('account_id', '=', accountId)
        .where('vault_id', '=', id)
        .execute();
    }
    const token = { account_id: accountId, token_hash: exemption, device_id: deviceId };
    await database
      .deleteFrom('exemptions')
      .where('account_id', '=', accountId)
      .where('device_id', '=', deviceId)
      .execute();
    await database
      .insertInto('exemptions')
      .values(token)
      .onConflict((conflict) => conflict.columns(['account_id', 'token_hash']).doNothing())
      .execute();
  });
  return {};
};
