import './no-compiling.ts';
import { VAULTS_LOCK } from '../wire/channels.ts';
import { Anteroom } from './anteroom.ts';

export type { VaultWorker } from '../vault.ts';

/** The worker of a tab: it waits until no other has the vaults, and loads the rest only then. */
const anteroom = new Anteroom();

navigator.locks
  .request(VAULTS_LOCK, async () => {
    const { hold } = await import('./holder.ts');
    await hold(anteroom.leave());
    // The vaults are given back by ending.
    await new Promise(() => undefined);
  })
  .catch((cause: unknown) => reportError(cause));
