import type { Handler } from '../../handler.ts';
import { readEntries, readingOf, signReading } from '../../rooms/read.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` for rooms of others. A former member gets the head of what ended the membership, of that time. */
export const read: Handler<'rooms.read'> = async ({ room, from, limit }, context) => {
  const { store } = context;
  const { accountId } = deviceSession(context);
  const reading = await store.read((database) => readingOf(database, accountId, room));
  const entries = await store.read((database) => readEntries(database, reading, { from, limit }));
  return { entries, head: await signReading(context, room, reading) };
};
