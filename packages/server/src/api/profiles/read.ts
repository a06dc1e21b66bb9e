import { envelope } from '@sotto/protocol';
import { visibleAccount } from '../../accounts/visibility.ts';
import type { Handler } from '../../handler.ts';
import { profileOf } from '../../profiles.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` for accounts that are not there and for those that are none of the caller's business. */
export const read: Handler<'profiles.read'> = async ({ account }, { store, ...context }) => {
  const { accountId, fingerprint } = deviceSession(context);
  return store.read(async (database) => {
    const target = await visibleAccount(database, accountId, { account, visibility: 'contacts' });
    const profile = await profileOf(database, target.id);
    if (profile === null) return { profile: null };
    const key = await database
      .selectFrom('profile_keys')
      .select(['generation', 'sealed'])
      .where('account_id', '=', target.id)
      .where('reader', '=', fingerprint)
      .executeTakeFirst();
    return { profile: { envelope: envelope.parse(profile.envelope), sealed: profile.sealed, key: key ?? null } };
  });
};
