import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

export const acknowledge: Handler<'mailboxes.acknowledge'> = async ({ upTo }, context) => {
  const { accountId, deviceId } = deviceSession(context);
  await context.store.transact((database) =>
    database
      .deleteFrom('mailbox_items')
      .where('account_id', '=', accountId)
      .where('device_id', '=', deviceId)
      .where('seq', '<=', upTo)
      .execute(),
  );
  return {};
};
