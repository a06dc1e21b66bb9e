import type {
  Address,
  ContactState,
  DeviceKind,
  DeviceName,
  Keying,
  Role,
  RoomPolicy,
  RoomType,
} from '@sotto/protocol';

/** What a person is shown; plain values alone. Ids and fingerprints are lower-case hexadecimal. */
export interface AccountView {
  readonly address: Address;
  readonly fingerprint: string;
  readonly suite: string;
  readonly server: string;
  readonly caFingerprint: string;
  readonly devices: readonly DeviceView[];
}

export interface DeviceView {
  readonly id: string;
  readonly name: DeviceName;
  readonly kind: DeviceKind;
  readonly state: 'active' | 'revoked';
}

/** What one hands to somebody so that they can add and verify one. */
export interface CardView {
  readonly address: Address;
  readonly fingerprint: string;
  /** The fingerprint as 60 decimal digits in groups of five. */
  readonly digits: string;
  readonly server: string;
  readonly caFingerprint: string;
  readonly vcard: string;
}

export interface ContactView {
  readonly address: Address;
  /** Null until the contact's chain is known. */
  readonly fingerprint: string | null;
  readonly state: ContactState;
  readonly verified: boolean;
  readonly note: string;
}

export interface RoomView {
  readonly id: string;
  readonly name: string;
  readonly topic: string;
  readonly type: RoomType;
  readonly mode: 'archive';
  readonly keying: Keying;
  readonly history: RoomPolicy['history'];
  readonly era: number;
  readonly members: number;
  readonly role: Role | null;
  readonly closed: boolean;
  readonly postQuantum: boolean;
  readonly unread: number;
}

export interface MemberView {
  readonly address: Address;
  readonly fingerprint: string;
  readonly role: Role;
  readonly verified: boolean;
}

export type MessageState = 'queued' | 'accepted' | 'delivered' | 'read' | 'received' | 'deleted' | 'undecryptable';

export interface MessageView {
  readonly id: string;
  /** Position in the room's log; null while queued. */
  readonly n: number | null;
  readonly room: string;
  readonly author: Address;
  readonly device: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  readonly state: MessageState;
  readonly edited: boolean;
  readonly reactions: readonly { readonly author: Address; readonly text: string }[];
  /** Why it cannot be shown, if it cannot. */
  readonly code: string | null;
}

export interface OutboxView {
  readonly id: string;
  readonly room: string;
  readonly kind: string;
  readonly at: number;
  readonly code: string | null;
}

export interface KeyLogView {
  readonly at: number;
  readonly kind: string;
  readonly text: string;
  readonly code: string | null;
}

export interface AuditView {
  readonly subject: string;
  readonly ok: boolean;
  readonly code: string | null;
}

export interface VaultCheckView {
  readonly encrypted: boolean;
  readonly parts: readonly {
    readonly name: string;
    readonly path: string;
    readonly encrypted: boolean;
    readonly evidence: string;
  }[];
}

export interface ContainerStatus {
  readonly signature: 'valid' | 'unsigned' | 'unbound';
  /** The address of a verified signer; the subject of an unbound one. */
  readonly sender: string | null;
}
