import { connectVaults, type Vaults } from '@sotto/keybox-web';
import { trustedWorker } from './trusted.ts';
import workerUrl from './vault-worker.ts?worker&url';

/** Connects this page with the vaults of the browser; its own worker waits for its turn. */
export function startVaults(): Vaults {
  return connectVaults(() => new Worker(trustedWorker(workerUrl), { type: 'module', name: 'sotto-vaults' }));
}
