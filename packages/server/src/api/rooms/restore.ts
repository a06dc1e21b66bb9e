import type { Handler } from '../../handler.ts';
import { takeBackEntries } from '../../restored/entries.ts';
import { deviceSession } from '../session.ts';
import { announce } from './append.ts';

/** Takes back entries that a restored server lost. Throws `head-invalid` and the faults of `takeBackEntries`. */
export const restore: Handler<'rooms.restore'> = async (input, context) => {
  const session = deviceSession(context);
  const subject = { kind: 'room', id: input.room } as const;
  await context.cluster.heads.verify(subject, input.head);
  const { length, audience } = await takeBackEntries({ ...context, session }, input);
  if (audience !== null) announce(context, audience, { room: input.room, length });
  return { length };
};
