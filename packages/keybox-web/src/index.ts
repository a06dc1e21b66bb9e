export type {
  Connection,
  FileToRead,
  FileToSend,
  Gate,
  InvitationView,
  StorageView,
  TaskId,
  Tools,
  UnusableReason,
  VaultEvent,
  VaultState,
  VaultWorker,
} from './vault.ts';
