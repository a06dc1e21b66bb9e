import type { Generated } from 'kysely';

/**
 * The tables. No booleans (0 or 1), no JSON (bytes of deterministic CBOR), times in integer milliseconds; cursors are
 * counters of the thing they belong to (`next_seq`, `next_room`, a room's length), never a serial of the table.
 */
export interface Tables {
  cluster: ClusterTable;
  invitations: InvitationTable;
  accounts: AccountTable;
  exemptions: ExemptionTable;
  vaults: VaultTable;
  attempts: AttemptTable;
  statements: StatementTable;
  devices: DeviceTable;
  certificates: CertificateTable;
  contact_requests: ContactRequestTable;
  contacts: ContactTable;
  profiles: ProfileTable;
  profile_keys: ProfileKeyTable;
  mailbox_items: MailboxItemTable;
  rooms: RoomTable;
  room_members: RoomMemberTable;
  room_entries: RoomEntryTable;
  room_seals: RoomSealTable;
  era_parts: EraPartTable;
  links: LinkTable;
  recovery_kits: RecoveryKitTable;
  policies: PolicyTable;
  audit_head: AuditHeadTable;
  audit_entries: AuditEntryTable;
  audit_exports: AuditExportTable;
  confirmations: ConfirmationTable;
  blobs: BlobTable;
  blob_uploads: BlobUploadTable;
  blob_claims: BlobClaimTable;
  blob_references: BlobReferenceTable;
  blob_capabilities: BlobCapabilityTable;
  log_state: LogStateTable;
  log_epochs: LogEpochTable;
  log_nodes: LogNodeTable;
  log_map: LogMapRow;
  log_entries: LogEntryTable;
  log_places: LogPlaceTable;
}

/** One row, id 1: which life of the data the transparency log is of, and how many epochs it has. */
interface LogStateTable {
  id: number;
  incarnation: number;
  size: number;
}

interface LogEpochTable {
  n: number;
  epoch: Uint8Array;
}

/** A complete subtree of the log: level/index. */
interface LogNodeTable {
  node: string;
  hash: Uint8Array;
}

/** A node of the map, for the epochs from `since` to before `until`. */
export interface LogMapRow {
  /** Bits from the root, as text. */
  path: string;
  since: number;
  until: number | null;
  hash: Uint8Array;
  /** Of a leaf: where its address stands, and the hash of its entry. */
  place: Uint8Array | null;
  value: Uint8Array | null;
}

/** What the map says of an account, from an epoch on. */
interface LogEntryTable {
  account_id: number;
  since: number;
  length: number;
  hash: Uint8Array;
}

/** Where an account's address stands in the map, and the proof of that. */
interface LogPlaceTable {
  account_id: number;
  place: Uint8Array;
  proof: Uint8Array;
}

interface ProfileTable {
  account_id: number;
  version: number;
  key_id: Uint8Array;
  /** An encoded envelope. */
  envelope: Uint8Array;
  sealed: Uint8Array;
}

interface ProfileKeyTable {
  account_id: number;
  /** Fingerprint of whoever it is sealed to. */
  reader: Uint8Array;
  generation: number;
  sealed: Uint8Array;
}

/** One row, id 1. */
interface ClusterTable {
  id: number;
  /** Fingerprint of the CA that the data belongs to. */
  ca: Uint8Array | null;
  /** SHA-256 of the organisation's public policy key; the owner's genesis brings it. */
  policy_key: Uint8Array | null;
  /** Which life of the data this is: every restore begins a higher one. */
  incarnation: Generated<number>;
  /** Until then a restored room or sigchain waits for every device that may know more of it; after it one is enough. */
  settled_at: Generated<number>;
}

interface InvitationTable {
  id: Generated<number>;
  /** SHA-256 of the code. */
  code_hash: Uint8Array;
  /** The role that it gives. */
  kind: 'owner' | 'admin' | 'user';
  /** The account that made it; null for the owner's. */
  created_by: number | null;
  expires_at: number;
  /** The account whose sign-up holds or used it. */
  account_id: number | null;
  used_at: number | null;
}

interface AccountTable {
  id: Generated<number>;
  address: string;
  skeleton: string;
  suite: number;
  role: 'owner' | 'admin' | 'user';
  /** OPAQUE registration record. */
  record: Uint8Array;
  /** Sealed account bundle. */
  bundle: Uint8Array;
  sign_up: Uint8Array;
  /** SHA-256 over everything that the sign-up registered, for its repetition. */
  registration: Uint8Array;
  step: 'registered' | 'enrolled' | 'complete';
  /** While `registered`: when the name is free again. */
  reserved_until: number | null;
  fingerprint: Uint8Array | null;
  /** Statements of the sigchain. */
  chain_length: Generated<number>;
  user_key_generation: Generated<number>;
  /** The account room. */
  room: Uint8Array | null;
  /** Position of the next room in the account's list. */
  next_room: Generated<number>;
  /** Set while an administrator keeps the account out. */
  suspended_at: Generated<number | null>;
  /** Set for good: the row stays so that the name is never given again. */
  deleted_at: Generated<number | null>;
  /** The life of the data in which the sigchain was last found complete: below the cluster's it takes nothing new. */
  incarnation: Generated<number>;
  /** The longest length that the cluster is known to have signed. */
  claimed: Generated<number>;
  /** Statements that are in the transparency log. */
  logged_length: Generated<number>;
}

/** Tokens by which an installation is exempt from the account's throttle. */
interface ExemptionTable {
  account_id: number;
  token_hash: Uint8Array;
  /** The installation's device; null for one of whose sign-up no more is known. */
  device_id: Uint8Array | null;
}

interface VaultTable {
  account_id: number;
  vault_id: Uint8Array;
  blob: Uint8Array;
  /** What replaces it, until the installation has confirmed that it can open that. */
  next_blob: Uint8Array | null;
  /** The installation's device; null while a sign-up is under way. */
  device_id: Uint8Array | null;
}

/** Failed sign-ins by subject: whatever the throttle counts, as a hash. */
interface AttemptTable {
  subject: Uint8Array;
  failures: number;
  last_at: number;
}

interface StatementTable {
  account_id: number;
  seq: number;
  /** Encoded envelope. */
  envelope: Uint8Array;
}

interface DeviceTable {
  account_id: number;
  device_id: Uint8Array;
  kind: 'keybox' | 'roaming' | 'recovery';
  name: string;
  kem: Uint8Array;
  spki: Uint8Array;
  revoked: Generated<number>;
  last_seen_at: number | null;
  /** The next item of its mailbox; 1 at first. */
  next_seq: Generated<number>;
}

interface CertificateTable {
  serial: Uint8Array;
  /** Null if its sign-up came to nothing. */
  account_id: number | null;
  /** Null for the certificate of a user key. */
  name: string | null;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  spki: Uint8Array;
  der: Uint8Array;
  not_after: number;
  revoked_at: number | null;
}

interface ContactRequestTable {
  account_id: number;
  /** For whom it is, whether that account exists or not. */
  address: string;
  /** The account that sees it; null once declined, or where nobody may see it. */
  receiver_id: number | null;
}

interface ContactTable {
  account_id: number;
  address: string;
  state: 'mutual' | 'blocked';
}

interface MailboxItemTable {
  account_id: number;
  device_id: Uint8Array;
  seq: number;
  at: number;
  kind: 'contact';
  /** SHA-256 of the item. */
  key: Uint8Array;
  item: Uint8Array;
}

interface RoomTable {
  id: Generated<number>;
  /** SHA-256 of the create statement. */
  room: Uint8Array;
  type: 'direct' | 'chat' | 'account';
  length: number;
  hash: Uint8Array;
  /** Encoded RoomState. */
  state: Uint8Array;
  /** When the era in force was accepted. */
  era_at: number;
  /** The life of the data in which the log was last found complete: below the cluster's it takes nothing new. */
  incarnation: Generated<number>;
  /** The longest length that the cluster is known to have signed. */
  claimed: Generated<number>;
  /** Where what members gave back after a restore begins; null for none. */
  restored_from: number | null;
  /** 1 from the moment a member's user key changes until an era names the new one. */
  rekey_due: Generated<number>;
}

interface RoomMemberTable {
  room_id: number;
  account_id: number;
  fingerprint: Uint8Array;
  /** Position of the statement that made it a member. */
  since: number;
  /** Entries that it may read once it is no member any more. */
  until: number | null;
  /** The room's place in the account's list. */
  position: number;
}

interface RoomEntryTable {
  room_id: number;
  n: number;
  kind: 'statement' | 'record';
  /** SHA-256 of the signed bytes. */
  signed_hash: Uint8Array;
  /** H_n. */
  log_hash: Uint8Array;
  signed: Uint8Array;
  signature: Uint8Array;
  author: Uint8Array;
  device: Uint8Array;
  /** Of a record. */
  seq: number | null;
  /** Of a record; null once dropped. */
  body: Uint8Array | null;
  /** Encoded rows: of the era that a statement starts, or of a record's message keys. */
  rows: Uint8Array | null;
  /** When the server took it. */
  at: number;
}

/** What is sealed to one member by one entry: an era secret, or a message key. */
interface RoomSealTable {
  room_id: number;
  n: number;
  position: number;
  fingerprint: Uint8Array;
  sealed: Uint8Array;
  /** Merkle leaf; empty for message keys. */
  leaf: Uint8Array;
  /** Of a seal that its reader gave back after a restore: encoded path from its leaf to the root. */
  path: Uint8Array | null;
}

/** A sealed entry that came before the statement of its era. */
interface EraPartTable {
  device: Uint8Array;
  position: number;
  room_id: number;
  /** Of all entries of the era. */
  root: Uint8Array;
  sealed: Uint8Array;
  at: number;
}

/** Which devices found a restored room (by its id) or sigchain (by its fingerprint) to be all that they know. */
interface ConfirmationTable {
  subject: Uint8Array;
  device_id: Uint8Array;
  incarnation: number;
}

/** Every policy that the owner has published; the highest version is in force. */
interface PolicyTable {
  version: number;
  signed: Uint8Array;
  signature: Uint8Array;
  public_key: Uint8Array;
  at: number;
}

/** One row, id 1: its lock orders those who append. */
interface AuditHeadTable {
  id: number;
  length: number;
  /** Null before the first entry. */
  hash: Uint8Array | null;
}

interface AuditEntryTable {
  n: number;
  entry: Uint8Array;
}

/** How far the log was handed to an outside log. */
interface AuditExportTable {
  name: string;
  next: number;
}

interface BlobTable {
  id: Generated<number>;
  /** SHA-256 of its bytes: its name on the disk. */
  hash: Uint8Array;
  size_bytes: number;
  /** Whose quota it counts for. */
  account_id: number;
}

interface BlobUploadTable {
  /** Random; its name on the disk. */
  upload: Uint8Array;
  account_id: number;
  room_id: number;
  size_bytes: number;
  capability_hash: Uint8Array;
  capability_until: number;
  expires_at: number;
}

/** A blob that waits for the record that will name it. */
interface BlobClaimTable {
  blob_id: number;
  room_id: number;
  account_id: number;
  /** The upload that it was. */
  upload: Uint8Array;
  expires_at: number;
}

/** A record that needs a blob. */
interface BlobReferenceTable {
  room_id: number;
  n: number;
  blob_id: number;
}

interface BlobCapabilityTable {
  token_hash: Uint8Array;
  blob_id: number;
  account_id: number;
  /** In which the account reads it. */
  room: Uint8Array;
  expires_at: number;
}

/** A new device that waits to be admitted, and what was answered. */
interface LinkTable {
  mailbox: Uint8Array;
  account_id: number;
  request: Uint8Array;
  answer: Uint8Array | null;
  expires_at: number;
}

interface RecoveryKitTable {
  account_id: number;
  /** SHA-256 of the kit's lookup id. */
  kit: Uint8Array;
  /** Sealed recovery bundle. */
  bundle: Uint8Array;
}
