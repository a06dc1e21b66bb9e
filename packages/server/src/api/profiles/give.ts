import { equal } from '@sotto/bytes';
import { ProtocolPolicyFault } from '@sotto/protocol';
import type { Handler } from '../../handler.ts';
import { profileOf } from '../../profiles.ts';
import { deviceSession } from '../session.ts';

/** Throws `quota-exceeded` beyond 20,000 readers. */
export const give: Handler<'profiles.give'> = async ({ keyId, keys }, { store, ...context }) => {
  const { accountId } = deviceSession(context);
  await store.transact(async (database) => {
    const profile = await profileOf(database, accountId);
    if (profile === null || !equal(profile.key_id, keyId)) return;
    for (const { reader, generation, sealed } of keys) {
      await database
        .insertInto('profile_keys')
        .values({ account_id: accountId, reader, generation, sealed })
        .onConflict((conflict) => conflict.columns(['account_id', 'reader']).doUpdateSet({ generation, sealed }))
        .execute();
    }
    const { count } = await database
      .selectFrom('profile_keys')
      .select((row) => row.fn.countAll<number>().as('count'))
      .where('account_id', '=', accountId)
      .executeTakeFirstOrThrow();
    if (Number(count) > MAX_READERS) throw new ProtocolPolicyFault('quota-exceeded', 'too many readers of one profile');
  });
  return {};
};

const MAX_READERS = 20_000;
