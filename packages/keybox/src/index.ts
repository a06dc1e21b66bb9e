export {
  type KeyboxPeerCode,
  KeyboxPeerFault,
  type KeyboxPolicyCode,
  KeyboxPolicyFault,
  type KeyboxUsageCode,
  KeyboxUsageFault,
} from './fault.ts';
export { KeyBox, type Sent } from './keybox.ts';
export {
  type Clock,
  type FrameSocket,
  type Part,
  type PartInspection,
  type PartName,
  type Platform,
  type Progress,
  partNames,
  type SqlStatement,
  type SqlValue,
  type Transport,
  type VaultFile,
  type VaultStorage,
} from './ports.ts';
export { schema } from './schema.ts';
export type { Link, OwnIdentity, Session } from './session.ts';
export type { SyncResult } from './sync.ts';
export type {
  AccountView,
  AuditView,
  CardView,
  ContactView,
  ContainerStatus,
  DeviceView,
  KeyLogView,
  MemberView,
  MessageState,
  MessageView,
  OutboxView,
  RoomView,
  VaultCheckView,
} from './views.ts';
