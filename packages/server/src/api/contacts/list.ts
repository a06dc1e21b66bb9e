import { contactsOf } from '../../contacts/contacts.ts';
import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

export const list: Handler<'contacts.list'> = async (_input, context) => {
  const { accountId } = deviceSession(context);
  return { contacts: await context.store.read((database) => contactsOf(database, accountId)) };
};
