import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found`, `quota-exceeded`, `disk-full`, `blob-store-gone`. */
export const create: Handler<'blobs.create'> = (input, context) =>
  context.blobs.create(deviceSession(context).accountId, input);
