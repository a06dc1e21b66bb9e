import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found`. */
export const read: Handler<'blobs.read'> = (input, context) =>
  context.blobs.grant(deviceSession(context).accountId, input);
