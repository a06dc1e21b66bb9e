import { sha256 } from '@sotto/crypto';
import type { Database } from './store/store.ts';

/** Something for every installation of an account. */
export interface Delivery {
  readonly accountId: number;
  readonly kind: 'contact';
  readonly item: Uint8Array;
  readonly at: number;
}

/** The newest item of an account's fullest mailbox, for the hint that follows the commit; null if it has no device. */
export type Delivered = number | null;

/**
 * Puts an item into the mailbox of each installation, once: an item that still lies there is not doubled. A mailbox
 * that is full takes nothing until its device has read it.
 */
export async function deliver(database: Database, { accountId, kind, item, at }: Delivery): Promise<Delivered> {
  const devices = await database
    .selectFrom('devices')
    .select(['device_id', 'next_seq'])
    .where('account_id', '=', accountId)
    .where('kind', '=', 'keybox')
    .where('revoked', '=', 0)
    .orderBy('device_id')
    .execute();
  let last: Delivered = null;
  for (const { device_id, next_seq } of devices) {
    if (!(await takes(database, { accountId, deviceId: device_id, item }))) continue;
    await database
      .insertInto('mailbox_items')
      .values({ account_id: accountId, device_id, seq: next_seq, at, kind, key: sha256(item), item })
      .execute();
    await database
      .updateTable('devices')
      .set({ next_seq: next_seq + 1 })
      .where('account_id', '=', accountId)
      .where('device_id', '=', device_id)
      .execute();
    last = Math.max(last ?? 0, next_seq);
  }
  return last;
}

async function takes(
  database: Database,
  {
    accountId,
    deviceId,
    item,
  }: { readonly accountId: number; readonly deviceId: Uint8Array; readonly item: Uint8Array },
): Promise<boolean> {
  const box = database
    .selectFrom('mailbox_items')
    .where('account_id', '=', accountId)
    .where('device_id', '=', deviceId);
  const double = await box.select('seq').where('key', '=', sha256(item)).executeTakeFirst();
  if (double !== undefined) return false;
  const { count } = await box.select((row) => row.fn.countAll<number>().as('count')).executeTakeFirstOrThrow();
  return count < MAX_ITEMS;
}

/** Items of one mailbox; a contact statement is 5 KB. */
const MAX_ITEMS = 10_000;
