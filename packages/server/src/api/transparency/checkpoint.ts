import type { Handler } from '../../handler.ts';
import { consistencyProof } from '../../transparency/proofs.ts';
import { deviceSession } from '../session.ts';

/** Makes the epoch that is due first. A caller that knows more epochs than there are gets no proof, and sees why. */
export const checkpoint: Handler<'transparency.checkpoint'> = async ({ from }, context) => {
  deviceSession(context);
  const { store, transparency } = context;
  await transparency.advance();
  const { size, note } = await transparency.checkpoint();
  const proof = from > size ? [] : await store.read((database) => consistencyProof(database, { from, to: size }));
  return { checkpoint: note, consistency: proof };
};
