export type { VaultMode } from './account-file.ts';
export { type AccountSummary, summarizeAccount } from './account-summary.ts';
export { Admin, type PolicyDryRun, type SuspensionResult } from './admin/admin.ts';
export type { ArchiveView } from './archive/archive.ts';
export type { SyncOptions, SyncPhase, SyncProgress } from './archive/progress.ts';
export type { AuditCoverage, AuditOptions } from './audit/auditor.ts';
export type { Calls } from './calls/calls.ts';
export type {
  CallAgreement,
  CallEvent,
  CallLogView,
  CallMarks,
  CallMedia,
  CallOutcome,
  CallPartner,
  CallPhase,
  CallView,
  MediaCandidate,
  RetainedSecrets,
} from './calls/views.ts';
export { discoverCluster } from './cluster.ts';
export type { NewDevice } from './enrol/enrol-device.ts';
export type { Enrolments, LinkView } from './enrol/enrolments.ts';
export type { KitProof } from './enrol/kit-end.ts';
export { type LinkedDevice, linkAccount } from './enrol/link.ts';
export { type KitPlace, type OpenKit, openRecoveryKit, recoverAccount } from './enrol/recover.ts';
export { type AccountPlace, openRoamingDevice, type RoamingSignIn, signInAccount } from './enrol/roaming.ts';
export {
  type KeyboxPeerCode,
  KeyboxPeerFault,
  type KeyboxPolicyCode,
  KeyboxPolicyFault,
  type KeyboxUsageCode,
  KeyboxUsageFault,
} from './fault.ts';
export type { Files, GetOptions } from './files/files.ts';
export type { Begun, NewFile } from './files/sending.ts';
export type { TransferOptions } from './files/upload.ts';
export { describeVoice } from './files/voice.ts';
export { exportKeyFile } from './key-export.ts';
export type { KeyRequestView } from './key-requests/key-requests.ts';
export type { KeyRequestState } from './key-requests/store.ts';
export { KeyBox } from './keybox.ts';
export type { Inline } from './markdown/inline.ts';
export { type Block, parseMarkdown } from './markdown/markdown.ts';
export type { SendOptions, Sent } from './messages.ts';
export type { NewAccount } from './new-account.ts';
export type { OpenSession } from './open-session.ts';
export {
  addPasskey,
  listPasskeys,
  type NewPasskey,
  type PasskeyView,
  removePasskey,
  unlockByPasskey,
} from './passkeys/passkeys.ts';
export { checkPassphrase } from './passphrase.ts';
export { generatePassphrase, passphraseScore } from './passphrase-choice.ts';
export type { KeyChangeKind, KeyChangeView } from './people/key-history.ts';
export type { ComparedView, ComparisonView, People } from './people/people.ts';
export { policyInForce } from './policy/in-force.ts';
export type { PolicyState } from './policy/policies.ts';
export {
  type BlobTransport,
  type ByteSource,
  type ByteTarget,
  type Clock,
  type FrameSocket,
  type HttpRequest,
  type HttpResponse,
  type OpenPart,
  type Part,
  type PartInspection,
  type PartName,
  type Platform,
  type Progress,
  partNames,
  type RunningHash,
  type SqlStatement,
  type SqlValue,
  type Transport,
  type VaultFile,
  type VaultStorage,
} from './ports.ts';
export type { Presence, PresenceView } from './presence/presence.ts';
export type { PresenceSetting } from './presence/setting.ts';
export type { Profile, ProfileView } from './profile/profile.ts';
export { resolveAddress } from './registration.ts';
export { reopenAccount } from './reopen-account.ts';
export type { NewDraft } from './room-notes/drafts.ts';
export type { RoomNotes } from './room-notes/room-notes.ts';
export { schema } from './schema.ts';
export type { Coverage, RoomCoverage } from './search/coverage.ts';
export type { Search, SearchFilter, SearchHit, SearchResult } from './search/search.ts';
export type { BlobLink, Link, OwnIdentity, Session } from './session.ts';
export { createAccount } from './sign-up.ts';
export type { SyncResult } from './sync.ts';
export type { RoomChangeView } from './timeline/changes.ts';
export type { KeyNoticeView } from './timeline/notices.ts';
export type { MessagePage, MessagePlace, MessageWindow } from './timeline/window.ts';
export type { CheckpointView, LoggedView, Transparency, TransparencyView } from './transparency/transparency.ts';
export { type UnfinishedAccount, unfinishedAccount } from './unfinished.ts';
export { lockAccount, type UnlockInput, unlockAccount } from './unlock.ts';
export { type Freshness, Upkeep } from './upkeep.ts';
export { checkStrayFile, checkVault, type StrayFile } from './vault-check.ts';
export type {
  AccountView,
  AuditView,
  CardView,
  ContactView,
  ContainerStatus,
  DeliveryView,
  DeviceDetailView,
  DeviceView,
  DraftView,
  FileView,
  KeyLogView,
  LastMessageView,
  MemberView,
  MessageFileView,
  MessageState,
  MessageView,
  OutboxView,
  QuoteView,
  Remedy,
  RoomMarksView,
  RoomView,
  TransferView,
  TrustView,
  VaultCheckView,
} from './views.ts';
