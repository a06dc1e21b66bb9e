import { sha256 } from '@sotto/crypto';
import { type Chain, currentUserKey } from '@sotto/protocol';
import { chainOf } from '../../accounts/chains.ts';
import { visibleAccount } from '../../accounts/visibility.ts';
import type { Handler } from '../../handler.ts';
import type { Database } from '../../store/store.ts';
import { deviceSession } from '../session.ts';

/** The newest valid certificates of an account's active devices and of its current user key. Throws `not-found`. */
export const read: Handler<'certificates.read'> = async ({ account }, context) => {
  const { store, cluster, now } = context;
  const { accountId } = deviceSession(context);
  const target = await store.read((database) =>
    visibleAccount(database, accountId, { account, visibility: 'contacts' }),
  );
  const chain = (await chainOf(store, account)) as Chain;
  const active = [...chain.devices.values()].filter(({ revokedAt }) => revokedAt === null);
  return store.read(async (database) => {
    const newest = (spki: Uint8Array) => newestCertificate(database, target.id, { spki, now: now() });
    const devices = await Promise.all(active.slice(-MAX_DEVICES).map(({ spki }) => newest(spki)));
    return {
      devices: devices.filter((der) => der !== null),
      userKey: await newest(sha256(currentUserKey(chain).container)),
      ca: cluster.caCertificate,
    };
  });
};

async function newestCertificate(
  database: Database,
  accountId: number,
  { spki, now }: { readonly spki: Uint8Array; readonly now: number },
): Promise<Uint8Array | null> {
  const row = await database
    .selectFrom('certificates')
    .select('der')
    .where('account_id', '=', accountId)
    .where('spki', '=', spki)
    .where('not_after', '>', now)
    .where('revoked_at', 'is', null)
    .orderBy('not_after', 'desc')
    .executeTakeFirst();
  return row?.der ?? null;
}

/** An answer of these, 1 KB each and twice that for RSA-4096, fits a frame. */
const MAX_DEVICES = 64;
