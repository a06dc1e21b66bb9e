import type {
  Address,
  ContactState,
  DeviceKind,
  DeviceName,
  Keying,
  KeyLogEntry,
  KeyLogKind,
  PictureWords,
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
  /** What gets the owner back in if this device is lost. */
  readonly waysBack: readonly ('device' | 'roaming' | 'recovery-key')[];
  /** True with two of them at least. */
  readonly safe: boolean;
}

export interface DeviceView {
  readonly id: string;
  readonly name: DeviceName;
  readonly kind: DeviceKind;
  readonly state: 'active' | 'revoked';
}

/** A device with what only the server and this installation know of it. */
export interface DeviceDetailView extends DeviceView {
  /** Whether it is this one. */
  readonly current: boolean;
  readonly connected: boolean;
  /** By the server's clock; null for one that was never seen or is revoked. */
  readonly lastSeenAt: number | null;
}

/** What one hands to somebody so that they can add and verify one. */
export interface CardView {
  readonly address: Address;
  readonly fingerprint: string;
  /** The fingerprint as 60 decimal digits in groups of five. */
  readonly digits: string;
  /** The same as 16 pictures: the own half of every comparison. */
  readonly pictures: readonly PictureWords[];
  /** Opens the web client of the home server with this card; docs/spec/contact.md. */
  readonly link: string;
  readonly server: string;
  readonly caFingerprint: string;
  readonly vcard: string;
}

export interface ContactView {
  readonly address: Address;
  /** Null until the contact's chain is known. */
  readonly fingerprint: string | null;
  /** What the contact calls itself; anybody may take any name, so it is never shown without the address. */
  readonly name: string | null;
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
  /** Of a direct room: with whom. */
  readonly peer: Address | null;
  readonly closed: boolean;
  /**
   * Code of why nothing can be sent here now, such as `room-forked`, `identity-conflict`, `room-frozen` (it waits for new
   * keys from another member) or `restored-unconfirmed` (the server was restored, and is not compared yet); else null.
   */
  readonly stopped: string | null;
  readonly postQuantum: boolean;
  /** Messages of others that were not read. */
  readonly unread: number;
  /** Those of them that name this account. */
  readonly unreadMentions: number;
  /** The newest that was not deleted. */
  readonly lastMessage: LastMessageView | null;
  readonly marks: RoomMarksView;
  /** The beginning of what was begun to be written here. */
  readonly draft: string | null;
}

/** The newest message of a room, in one line. */
export interface LastMessageView {
  readonly id: string;
  /** Null while it is queued. */
  readonly n: number | null;
  readonly author: Address | null;
  readonly at: number;
  readonly kind: 'text' | 'file' | 'undecryptable';
  /** Its beginning, or the name of the file. */
  readonly text: string;
}

/** How the account wants to see a room; shared by its devices, and nobody else's. */
export interface RoomMarksView {
  readonly pinned: boolean;
  readonly archived: boolean;
  readonly muted: boolean;
  /** When the muting ends by itself; null for never. */
  readonly mutedUntil: number | null;
}

/** What was begun to be written. */
export interface DraftView {
  readonly text: string;
  /** Id of the message that it will answer. */
  readonly replyTo: string | null;
  readonly at: number;
}

export interface MemberView {
  readonly address: Address;
  /** What the member calls itself, in this room or everywhere; never shown without the address. */
  readonly name: string | null;
  readonly fingerprint: string;
  readonly role: Role;
  readonly verified: boolean;
  /** From when on the member may read, milliseconds since the epoch; null from the beginning. */
  readonly readsFrom: number | null;
}

export type MessageState = 'queued' | 'accepted' | 'delivered' | 'read' | 'received' | 'deleted' | 'undecryptable';

export interface MessageView {
  readonly id: string;
  /** Position in the room's log; null while queued. */
  readonly n: number | null;
  readonly room: string;
  /** The era whose keys it is sealed with; null while queued. */
  readonly era: number | null;
  readonly author: Address;
  readonly device: string;
  readonly trust: TrustView;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly text: string;
  readonly state: MessageState;
  /** Of an own message that the server has. */
  readonly delivery: DeliveryView | null;
  readonly edited: boolean;
  /** Sent on from elsewhere: who wrote it there is not said. */
  readonly forwarded: boolean;
  readonly replyTo: QuoteView | null;
  /** Id of the message that began the thread which this one belongs to. */
  readonly thread: string | null;
  /** How many messages the thread has that this one began. */
  readonly threadReplies: number;
  /** Who is named in it, of those who are or were members. */
  readonly mentions: readonly Address[];
  readonly mentionsMe: boolean;
  readonly reactions: readonly { readonly author: Address; readonly text: string }[];
  /** Why it cannot be shown, if it cannot; of a queued one why the server did not take it. */
  readonly code: string | null;
  /** What can be done about it. */
  readonly remedies: readonly Remedy[];
  /** Of an entry that is a file, and has no text. */
  readonly file?: MessageFileView;
}

/** `retry`: ask the server once more; `request-keys`: ask the other members. */
export type Remedy = 'retry' | 'request-keys';

/** Whose message it is: signed by a device that stood in the author's sigchain, or it would not be here. */
export interface TrustView {
  readonly author: 'self' | 'verified' | 'unverified';
  /** What became of the device since. */
  readonly device: 'active' | 'revoked' | 'unknown';
}

/** How many other members, of those who are members now, have it or have read it. */
export interface DeliveryView {
  readonly delivered: number;
  readonly read: number;
  readonly of: number;
}

/** A message that another one answers. */
export interface QuoteView {
  readonly id: string;
  readonly n: number | null;
  /** Null if it is not here. */
  readonly author: Address | null;
  /** Its beginning in one line, or the name of a file. */
  readonly text: string;
  readonly state: 'here' | 'deleted' | 'undecryptable' | 'unknown';
}

/** What a message list shows of a file. */
export interface MessageFileView {
  /** Id of the file, the same for all its versions. */
  readonly id: string;
  readonly version: number;
  /** Safe to show and to write. */
  readonly name: string;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** Of a recording that is to be heard at once. */
  readonly voice?: VoiceView;
}

/** What a recording looks like before it is fetched: as its author says. */
export interface VoiceView {
  readonly durationMilliseconds: number;
  /** 0 to 255 each. */
  readonly waveform: readonly number[];
}

export interface FileView {
  /** The same for all versions. */
  readonly id: string;
  /** Id of the record of this version. */
  readonly record: string;
  /** Position of that record; null while it is queued. */
  readonly n: number | null;
  readonly room: string;
  /** Safe to show and to write, and in its room the only one. */
  readonly name: string;
  /** True if the author gave it another name, which was not safe or not the only one. */
  readonly renamed: boolean;
  readonly sizeBytes: number;
  readonly mediaType: string;
  /** SHA-256 of the content. */
  readonly contentHash: string;
  readonly version: number;
  readonly author: Address;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** An upload or download that was begun and is not over. */
export interface TransferView {
  readonly id: string;
  readonly kind: 'upload' | 'download';
  readonly room: string;
  readonly name: string;
  /** Where the content lies or goes. */
  readonly place: string;
  readonly doneBytes: number;
  readonly sizeBytes: number;
  readonly at: number;
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
  readonly kind: KeyLogKind;
  readonly entry: KeyLogEntry;
  /** Of what was refused. */
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
    readonly sizeBytes: number;
    /** Shannon entropy of each byte, at most 8; null where it proves nothing, because headers are in the clear. */
    readonly entropyBits: number | null;
    /** Null where there is no such way to try. */
    readonly opensWithoutKey: boolean | null;
    readonly opensWithWrongKey: boolean;
    /** What must not be found in the bytes, and was: a plain header, a marker, a key. */
    readonly inTheClear: boolean;
  }[];
}

export interface ContainerStatus {
  readonly signature: 'valid' | 'unsigned' | 'unbound';
  /** The address of a verified signer; the subject of an unbound one. */
  readonly sender: string | null;
}
