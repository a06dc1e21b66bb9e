import { accountOf } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { mutualsOf, presenceOf } from '../../presence/announce.ts';
import { deviceSession } from '../session.ts';

export const list: Handler<'presence.list'> = async ({ after }, context) => {
  const { accountId } = deviceSession(context);
  const peers = await context.store.read(async (database) =>
    mutualsOf(database, await accountOf(database, accountId), { after: after ?? '', limit: PAGE }),
  );
  const contacts = [];
  for (const peer of peers) {
    const presence = await presenceOf(context, peer);
    if (presence !== null) contacts.push(presence);
  }
  return { contacts };
};

const PAGE = 100;
