import { concat } from '@sotto/bytes';
import type { Handler } from '../../handler.ts';
import { readingOf, readSkeletonPage, signReading } from '../../rooms/read.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` for rooms of others. */
export const skeleton: Handler<'rooms.skeleton'> = async ({ room, from, limit }, context) => {
  const { store } = context;
  const { accountId } = deviceSession(context);
  const reading = await store.read((database) => readingOf(database, accountId, room));
  const { hashes, statements } = await store.read((database) => readSkeletonPage(database, reading, { from, limit }));
  return { hashes: concat(...hashes), statements, head: await signReading(context, room, reading) };
};
