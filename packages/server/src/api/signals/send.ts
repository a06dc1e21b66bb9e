import { accountOf } from '../../accounts/accounts.ts';
import { checkSignals } from '../../accounts/pace.ts';
import { mutualAt } from '../../contacts/contacts.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Tells the connected devices of both accounts, and keeps nothing. Whoever is no contact is answered alike. */
export const send: Handler<'signals.send'> = async ({ to, container }, context) => {
  const { accountId } = deviceSession(context);
  checkSignals(context, accountId);
  const peer = await context.store.read(async (database) =>
    mutualAt(database, await accountOf(database, accountId), to),
  );
  if (peer === null) return {};
  for (const id of [peer.id, accountId]) context.notify(id, { event: 'signal', container });
  return {};
};
