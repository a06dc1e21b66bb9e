export type { VaultWorker } from '../vault.ts';
