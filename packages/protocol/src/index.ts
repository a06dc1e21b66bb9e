export {
  type Address,
  address,
  addressDomain,
  addressSkeleton,
  type DeviceName,
  deviceName,
  domain,
  isAddress,
  isDeviceName,
  isDomain,
  isLocalPart,
  localPart,
  parseAddress,
  parseDeviceName,
} from './address.ts';
export {
  type AuditEntry,
  type AuditEvent,
  auditEntry,
  auditEvents,
  auditHash,
  auditRoot,
  verifyAudit,
} from './audit-log.ts';
export {
  type Body,
  type BodyContent,
  type BodyKind,
  blobsOf,
  body,
  quietKinds,
  type RecordId,
  type RoomMarkName,
} from './body.ts';
export {
  type AccountBundle,
  accountBundle,
  type BundleBinding,
  type DeviceSecrets,
  deviceSecrets,
  MAX_OLDER_UNLOCK_KEYS,
  openBundle,
  sealBundle,
} from './bundle.ts';
export { type BusinessCard, formatCardLink, parseCard } from './business-card.ts';
export {
  activeDevice,
  activeDevices,
  beginChain,
  type Chain,
  type ChainDevice,
  type ChainUserKey,
  chainExtends,
  chainExtent,
  currentUserKey,
  extendChain,
  restoreChain,
  signStatement,
  verifyChain,
} from './chain.ts';
export {
  type AcceptOptions,
  type AccountLogin,
  type AccountRecord,
  type AnonymousLogin,
  type Authenticate,
  acceptChannel,
  type Certificates,
  type Channel,
  type ChannelClock,
  type ChannelPeerCode,
  ChannelPeerFault,
  ChannelRefusedFault,
  type ChannelTimer,
  type ChannelUsageCode,
  ChannelUsageFault,
  type ChannelWireCode,
  ChannelWireFault,
  type ClientChannel,
  type ClientLogin,
  type ConnectOptions,
  connectChannel,
  type DeviceKey,
  type DeviceLogin,
  type Directory,
  type FrameSocket,
  type KemName,
  MAX_DATA_BYTES,
  type Peer,
  type Refusal as ChannelRefusal,
  type RefusalCode,
  type RekeyLimits,
  type ServerChannel,
  type SignIn,
} from './channel/index.ts';
export {
  type ComparedIdentity,
  type ComparisonCode,
  comparisonDigits,
  comparisonOrder,
  fingerprintDigits,
  fingerprintPictures,
  formatComparison,
  parseComparison,
} from './comparison.ts';
export type { PictureWords } from './comparison-words.ts';
export { type ContactStatement, contactStatement, signContactStatement, verifyContactStatement } from './contact.ts';
export { type DeviceDescription, type DeviceKind, deviceDescription, deviceId } from './device.ts';
export { type Envelope, envelope } from './envelope.ts';
export {
  changedRows,
  checkCommitment,
  type EntryBinding,
  entriesRoot,
  entryBinding,
  entryHash,
  eraCommitment,
  openEntry,
  openLink,
  resourceKey,
  rowOf,
  sealEntry,
  sealLink,
  sortRows,
  tableHash,
} from './era.ts';
export {
  type ProtocolCode,
  type ProtocolPeerCode,
  ProtocolPeerFault,
  type ProtocolPolicyCode,
  ProtocolPolicyFault,
  type ProtocolUsageCode,
  ProtocolUsageFault,
  type ProtocolWireCode,
  ProtocolWireFault,
} from './fault.ts';
export { blobBytes, type FileContent, fileStreamKey, paddedFileBytes, type VoiceNote } from './file.ts';
export { type FileNameFault, fileNameFault, isFileNameTwin, safeFileName, separatedFileName } from './file-name.ts';
export {
  boundedBytes,
  boundedText,
  count,
  type Extent,
  emptyMap,
  extent,
  type Format,
  fixedBytes,
  format,
  hash32,
  milliseconds,
  versionedFormat,
} from './format.ts';
export { type HeadContent, type HeadSubject, type SignedHead, signedHead, signHead, verifyHead } from './head.ts';
export { formatInvitation, type InvitationLink, parseInvitation } from './invitation.ts';
export {
  type IdleContent,
  type KeyLogEntry,
  type KeyLogEvent,
  type KeyLogKind,
  keyLogEntry,
  keyLogEvents,
} from './key-log.ts';
export {
  ERA_MILLISECONDS,
  ERA_RECORDS,
  MAX_BLOB_BYTES,
  MAX_BODY_BYTES,
  MAX_CHECKPOINT_BYTES,
  MAX_FILE_BYTES,
  MAX_FRAME_BYTES,
  MAX_HEAD_AGE_MILLISECONDS,
  MAX_KEYED_MEMBERS,
  MAX_LOG_ADDRESSES,
  MAX_LOG_PROOFS,
  MAX_MEMBERS,
  MAX_NAME_BYTES,
  MAX_PICTURE_BYTES,
  MAX_STATEMENT_BYTES,
  MAX_TEXT_BYTES,
  MIN_PADDED_BYTES,
} from './limits.ts';
export {
  formatLinkCode,
  type LinkAnswer,
  type LinkKeys,
  type LinkRequest,
  linkKeys,
  parseLinkCode,
  protectLinkAnswer,
  protectLinkRequest,
  verifyLinkAnswer,
  verifyLinkRequest,
} from './link.ts';
export { logHash } from './log.ts';
export { merklePath, merkleRoot, verifyMerklePath } from './merkle.ts';
export { type Request, request, type ServerEvent, type ServerMessage, serverMessage } from './message.ts';
export type { Operation, OperationInput, OperationOutput, OperationScope } from './operation.ts';
export { type SignUpStep, signUpSteps } from './operations/account.ts';
export {
  type AccountRole,
  type AccountState,
  type AdminDevice,
  type AdminInvitation,
  type AdminSession,
  type AdminStatistics,
  type AdminUser,
  accountRoles,
  accountStates,
} from './operations/admin.ts';
export type { Capability } from './operations/blob.ts';
export { type ContactState, contactStates, type MailboxItem } from './operations/contact.ts';
export { type OperationName, type Operations, operations } from './operations/index.ts';
export type { GivenProfileKey } from './operations/profile.ts';
export type { OriginalEntry } from './operations/restored.ts';
export { type ListedRoom, MAX_SKELETON, type Skeleton } from './operations/room.ts';
export type { ShownAddress, ShownEntry } from './operations/transparency.ts';
export { pad, padme, unpad } from './padding.ts';
export {
  compareField,
  comparePolicies,
  isTighter,
  type PolicyChange,
  policyWhilePending,
  type Tightness,
} from './policy/compare.ts';
export {
  defaultPolicy,
  type FieldRule,
  type PolicyField,
  type PolicyValues,
  policyFieldNames,
  policyFields,
  policyValue,
} from './policy/fields.ts';
export {
  checkSuccession,
  type Policy,
  type PolicyKey,
  type PolicyPin,
  policy,
  type SignedPolicy,
  signedPolicy,
  signPolicy,
  verifyPolicy,
} from './policy/policy.ts';
export { type Presence, type PresenceChoice, type PresenceState, presenceChoices } from './presence.ts';
export {
  isPicture,
  isProfileText,
  openProfile,
  openProfileKey,
  type ProfileContent,
  type ProfileStatement,
  profileContent,
  profileKeyId,
  profileStatement,
  sealProfile,
  sealProfileKey,
  signProfile,
  verifyProfile,
} from './profile.ts';
export {
  type BodyKeys,
  type MessageKeyRow,
  type MessageKeys,
  messageKeyCommitment,
  messageKeyRow,
  messageKeyRowsHash,
  openBody,
  type RecordHeader,
  recordBytes,
  recordHeader,
  type SealedMessageKey,
  type SealedRecord,
  sealBody,
  signedRecord,
} from './record.ts';
export {
  formatRecoveryKey,
  openKitRoaming,
  openRecoveryBundle,
  parseRecoveryKey,
  type RecoveryBundle,
  type RecoveryKeys,
  recoveryKeys,
  sealKitRoaming,
  sealRecoveryBundle,
} from './recovery.ts';
export { type Refusal, refusalOf } from './refusal.ts';
export { isAdmin, mayActOn, mayGive, mayRotate, mayWrite, outranks } from './rights.ts';
export { applyRecord, type RecordInput, type VerifiedRecord } from './room-record.ts';
export {
  currentEra,
  type DevicePosition,
  linkedEra,
  memberOf,
  type RoomEra,
  type RoomMember,
  type RoomState,
  skipEntry,
  type Witness,
} from './room-state.ts';
export { applyRosterStatement, checkEntries, createRoom, type StatementInput } from './room-statement.ts';
export {
  type Era,
  type Keying,
  keyings,
  type MemberIdentity,
  type Role,
  type RoomPolicy,
  type RoomType,
  type RosterBody,
  type RosterFrame,
  type RosterStatement,
  type RosterType,
  roles,
  roomTypes,
  rosterStatement,
  type TableRow,
} from './roster.ts';
export {
  callToken,
  type MediaProfile,
  padSignal,
  type Signal,
  type SignalCandidate,
  type SignalContent,
  type SignalKind,
  type SignalMedia,
  signal,
  unpadSignal,
} from './signal.ts';
export {
  type BundleSetBody,
  type DeviceAddBody,
  type DeviceRevokeBody,
  type GenesisBody,
  type PassphraseChangeBody,
  type SealedSeed,
  type Statement,
  statement,
  type UserKeyChange,
  type UserKeyGeneration,
} from './statement.ts';
export {
  type LogEntry,
  logEntry,
  type OwnEntry,
  type RecordSubmission,
  recordSubmission,
  type StatementSubmission,
  statementSubmission,
} from './submission.ts';
export {
  openSeed,
  type PreviousSeedBinding,
  type SeedBinding,
  sealSeed,
  unwrapPreviousSeed,
  wrapPreviousSeed,
} from './user-key.ts';
export { PREVIEW_PATH, type WebHeaderOptions, webHeaders } from './web-headers.ts';
export {
  isAsset,
  openRelease,
  type ReleaseAsset,
  releaseKeyFingerprint,
  type SignedRelease,
  signRelease,
  type WebRelease,
} from './web-release.ts';
