import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

export const set: Handler<'presence.set'> = async (input, context) => {
  context.presence.set(deviceSession(context), input);
  return {};
};
