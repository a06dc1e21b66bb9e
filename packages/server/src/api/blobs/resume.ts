import type { Handler } from '../../handler.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found`. */
export const resume: Handler<'blobs.resume'> = ({ upload }, context) =>
  context.blobs.resume(deviceSession(context).accountId, upload);
