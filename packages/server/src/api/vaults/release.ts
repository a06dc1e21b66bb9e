import { notFound } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { sessionAccount } from '../session.ts';

/** Throws `not-found`. */
export const release: Handler<'vaults.release'> = async ({ id }, context) => {
  const accountId = sessionAccount(context);
  const vault = await context.store.read((database) =>
    database
      .selectFrom('vaults')
      .select(['blob', 'next_blob'])
      .where('account_id', '=', accountId)
      .where('vault_id', '=', id)
      .executeTakeFirst(),
  );
  if (vault === undefined) throw notFound();
  return { blobs: vault.next_blob === null ? [vault.blob] : [vault.next_blob, vault.blob] };
};
