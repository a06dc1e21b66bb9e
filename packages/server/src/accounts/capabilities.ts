import type { Database } from '../store/store.ts';

/**
 * Ends every capability of an account for uploads and blobs: they are used outside the channel, where nobody asks whose
 * device it is. Who may still work asks for new ones.
 */
export async function endCapabilities(database: Database, accountId: number): Promise<void> {
  await database.deleteFrom('blob_capabilities').where('account_id', '=', accountId).execute();
  await database.updateTable('blob_uploads').set({ capability_until: 0 }).where('account_id', '=', accountId).execute();
}
