import { equal } from '@sotto/bytes';
import { type Chain, envelope as envelopeFormat, verifyProfile } from '@sotto/protocol';
import { notAuthorised } from '../../accounts/accounts.ts';
import { chainOf } from '../../accounts/chains.ts';
import type { Handler } from '../../handler.ts';
import { profileOf } from '../../profiles.ts';
import { deviceSession } from '../session.ts';

/** Throws the faults of `verifyProfile`, `not-authorised` if another device signed. */
export const set: Handler<'profiles.set'> = async ({ envelope, sealed }, { store, suites, ...context }) => {
  const { accountId, fingerprint, deviceId } = deviceSession(context);
  const chain = (await chainOf(store, fingerprint)) as Chain;
  const { version, keyId, device } = await verifyProfile(suites, chain, { envelope, sealed });
  if (!equal(device, deviceId)) throw notAuthorised('signed by another device than this one');
  return store.transact(async (database) => {
    const known = await profileOf(database, accountId);
    if (known !== null && known.version >= version) return { version: known.version, accepted: false };
    if (known !== null && !equal(known.key_id, keyId)) {
      await database.deleteFrom('profile_keys').where('account_id', '=', accountId).execute();
    }
    const values = { version, key_id: keyId, envelope: envelopeFormat.encode(envelope), sealed };
    await database
      .insertInto('profiles')
      .values({ account_id: accountId, ...values })
      .onConflict((conflict) => conflict.column('account_id').doUpdateSet(values))
      .execute();
    return { version, accepted: true };
  });
};
