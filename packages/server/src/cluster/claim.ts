import { equal } from '@sotto/bytes';
import type { Cluster } from '../cluster.ts';
import { ServerUsageFault } from '../fault.ts';
import type { Store } from '../store/store.ts';

/**
 * Ties a database to the cluster whose keys it needs: an empty one is taken, another cluster's is `data-unusable`.
 * So keys that were lost and made anew never meet accounts of the old ones.
 */
export async function claimStore(store: Store, { caFingerprint }: Cluster): Promise<void> {
  const owner = await store.transact(async (database) => {
    await database.updateTable('cluster').set({ ca: caFingerprint }).where('ca', 'is', null).execute();
    return database.selectFrom('cluster').select('ca').executeTakeFirstOrThrow();
  });
  if (owner.ca !== null && equal(owner.ca, caFingerprint)) return;
  throw new ServerUsageFault('data-unusable', 'the database belongs to another cluster than the keys beside it');
}

/** Which life of the data the database says that this is: 1 at first, higher after every restore. */
export async function incarnationOf(store: Store): Promise<number> {
  const row = await store.read((database) =>
    database.selectFrom('cluster').select('incarnation').executeTakeFirstOrThrow(),
  );
  return row.incarnation;
}
