import { notFound } from '../../accounts/accounts.ts';
import type { Handler } from '../../handler.ts';
import { logSize } from '../../transparency/epoch.ts';
import { consistencyProof } from '../../transparency/proofs.ts';
import { deviceSession } from '../session.ts';

/** Throws `not-found` for sizes that the log has not had. */
export const consistency: Handler<'transparency.consistency'> = async ({ from, to }, context) => {
  deviceSession(context);
  const proof = await context.store.read(async (database) => {
    if (from > to || to > (await logSize(database))) throw notFound();
    return consistencyProof(database, { from, to });
  });
  return { consistency: proof };
};
