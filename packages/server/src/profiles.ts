import type { Selectable } from 'kysely';
import type { Database } from './store/store.ts';
import type { Tables } from './store/tables.ts';

/** The sealed profile of an account; null if it has none. */
export async function profileOf(database: Database, accountId: number): Promise<Selectable<Tables['profiles']> | null> {
  const row = await database.selectFrom('profiles').selectAll().where('account_id', '=', accountId).executeTakeFirst();
  return row ?? null;
}
