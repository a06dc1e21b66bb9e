import { accountOfKit } from '../../accounts/recovery.ts';
import type { Handler } from '../../handler.ts';

/** Throws `recovery-unknown`. */
export const open: Handler<'recovery.open'> = async ({ lookup }, { store }) => {
  const { bundle } = await store.read((database) => accountOfKit(database, lookup));
  return { bundle };
};
