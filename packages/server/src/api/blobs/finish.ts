import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found`, `blob-mismatch`, `disk-full`, `blob-store-gone`. */
export const finish: Handler<'blobs.finish'> = async (input, context) => {
  await context.blobs.finish(deviceSession(context).accountId, input);
  return {};
};
