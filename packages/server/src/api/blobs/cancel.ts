import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `blob-store-gone`. */
export const cancel: Handler<'blobs.cancel'> = async ({ upload }, context) => {
  await context.blobs.cancel(deviceSession(context).accountId, upload);
  return {};
};
