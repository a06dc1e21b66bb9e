export { connectVaults } from './connect.ts';
export { DOWNLOAD_PATH, downloadResponse } from './download-stream.ts';
export { type WebUsageCode, WebUsageFault } from './fault.ts';
export type {
  Away,
  Connection,
  FileToRead,
  FileToSend,
  Gate,
  InvitationView,
  RecoveryKeyChange,
  ServerView,
  StorageView,
  TaskId,
  Tools,
  UnusableReason,
  VaultEvent,
  VaultState,
  Vaults,
  VaultWorker,
} from './vault.ts';
