import { connectVaults } from '@sotto/keybox-web';

/** What the tests drive: the vaults as every page has them, and what was told of them. */
const vaults = connectVaults(() => new Worker(new URL('./vault-worker.entry.ts', import.meta.url), { type: 'module' }));
const events: unknown[] = [];
vaults.subscribe((event) => events.push(event));

Object.assign(globalThis, { vaults, events });
