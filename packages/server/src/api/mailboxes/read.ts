import type { MailboxItem } from '@sotto/protocol';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Items of the calling device's mailbox behind a cursor, as many as fit an answer, and where the mailbox ends. */
export const read: Handler<'mailboxes.read'> = async ({ after, limit }, context) => {
  const { accountId, deviceId } = deviceSession(context);
  return context.store.read(async (database) => {
    const { next_seq } = await database
      .selectFrom('devices')
      .select('next_seq')
      .where('account_id', '=', accountId)
      .where('device_id', '=', deviceId)
      .executeTakeFirstOrThrow();
    const items = await database
      .selectFrom('mailbox_items')
      .select(['seq', 'at', 'kind', 'item'])
      .where('account_id', '=', accountId)
      .where('device_id', '=', deviceId)
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit)
      .execute();
    return { items: firstPage(items), last: next_seq - 1 };
  });
};

function firstPage(items: readonly MailboxItem[]): MailboxItem[] {
  let size = 0;
  const end = items.findIndex(({ item }, index) => {
    size += item.length + ITEM_OVERHEAD_BYTES;
    return size > PAGE_BYTES && index > 0;
  });
  return items.slice(0, end < 0 ? items.length : end);
}

const PAGE_BYTES = 200 * 1024;
const ITEM_OVERHEAD_BYTES = 64;
