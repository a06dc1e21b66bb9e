import type { Primitives, Secret, Suites } from '@sotto/crypto';

/** Time from outside: nothing in this package reads a clock or sets a timer of its own. */
export interface Clock {
  /** Milliseconds since the epoch by this machine's clock. */
  now(): number;
  /** Resolves after the time, or at once when the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

/** One message-oriented connection to a home server: a WebSocket whose binary messages are channel frames. */
export interface FrameSocket {
  send(frame: Uint8Array): void;
  onMessage(listener: (frame: Uint8Array) => void): void;
  /** Called once, whoever closed it. */
  onClose(listener: () => void): void;
  close(): void;
}

/**
 * Opens sockets. Throws `unreachable`, or `tls-refused` if the server's TLS certificate is not to be trusted. Without a
 * fingerprint any is taken: only to see which authority a server shows, before anything is sent to it.
 */
export interface Transport {
  connect(target: { readonly origin: string; readonly caFingerprint: Uint8Array | null }): Promise<FrameSocket>;
}

export type SqlValue = null | number | string | Uint8Array;

export interface SqlStatement {
  readonly sql: string;
  readonly parameters?: readonly SqlValue[];
}

/** One encrypted part of the vault: an SQLite database under its own key. */
export interface Part {
  query<Row>(sql: string, parameters?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** One transaction: all statements or none, durable when it resolves. Throws `disk-full`. */
  apply(statements: readonly SqlStatement[]): Promise<void>;
}

export interface OpenPart extends Part {
  close(): Promise<void>;
}

export const partNames = ['keys', 'contacts', 'history'] as const;
export type PartName = (typeof partNames)[number];

/** The small files beside the parts, each replaced by rename. */
export type VaultFile =
  | 'account'
  | 'keystore'
  | 'device.p12'
  | 'offline'
  | 'passkeys'
  | 'sign-up'
  | 'enrolment'
  | 'revoked';

/** Where one account's vault lies. */
export interface VaultStorage {
  read(file: VaultFile): Promise<Uint8Array | null>;
  /** Atomic and durable; readable by the owner of the process alone. Throws `disk-full`. */
  replace(file: VaultFile, content: Uint8Array): Promise<void>;
  remove(file: VaultFile): Promise<void>;
  /**
   * Deletes the vault, first what opens it, durably, and leaves `notice` as the file `revoked`. It may be interrupted and
   * done again.
   */
  erase(notice: Uint8Array): Promise<void>;
  /** Where the file lies, for people to find it. */
  pathOf(file: VaultFile): string;
  /** Whether the part's file exists and is not empty. */
  hasPart(name: PartName): Promise<boolean>;
  /** Makes a new, empty part in the place of whatever a sign-up that broke off left there. Throws `disk-full`. */
  createPart(name: PartName, key: Secret): Promise<OpenPart>;
  /** Opens a part; never makes one. Throws `vault-damaged` for a file that is missing, empty or not of this key. */
  openPart(name: PartName, key: Secret): Promise<OpenPart>;
  /** Path and raw bytes of a part, and whether it opens under a wrong key and under none: what `vault check` proves with. */
  inspectPart(name: PartName): Promise<PartInspection>;
}

export interface PartInspection {
  readonly path: string;
  /** The file, and what lies beside it in its journal. */
  readonly raw: Uint8Array;
  readonly opensWithoutKey: boolean;
  readonly opensWithWrongKey: boolean;
}

/** A request beside the channel, for bytes of blobs: HTTP at the home server, under the same trust as the channel's TLS. */
export interface HttpRequest {
  readonly method: 'HEAD' | 'PATCH' | 'GET';
  /** Path alone. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Sent one after the other; null for none. */
  readonly body: readonly Uint8Array[] | null;
  readonly signal?: AbortSignal | undefined;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be read to its end, or left with `return`; a piece lasts until the next is taken. Throws `unreachable` if it breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
}

/** SHA-256 over bytes that come piece by piece. */
export interface RunningHash {
  update(bytes: Uint8Array): void;
  /** 32 bytes; ends it. */
  digest(): Uint8Array;
}

/** What moving large content takes. */
export interface BlobTransport {
  /** Throws `unreachable`, `tls-refused`, `cancelled`. Follows no redirect. */
  request(
    target: { readonly origin: string; readonly caFingerprint: Uint8Array },
    request: HttpRequest,
  ): Promise<HttpResponse>;
  /** As fast as the platform can. */
  sha256(): RunningHash;
}

/** Content to be sent. */
export interface ByteSource {
  /** Where it lies; the same content is found again under it. */
  readonly place: string;
  /** As it is now. */
  sizeBytes(): Promise<number>;
  /** Exactly these bytes, the caller's own; fewer only if the content has become shorter. */
  read(offset: number, length: number): Promise<Uint8Array>;
}

/** Where received content goes: a part beside the place first, under the place's name only at the end. */
export interface ByteTarget {
  readonly place: string;
  /** Whether something has the place's name. */
  exists(): Promise<boolean>;
  /** What an earlier attempt left; 0 if nothing. */
  partBytes(): Promise<number>;
  read(offset: number, length: number): Promise<Uint8Array>;
  /** Throws `disk-full`. */
  write(offset: number, bytes: Uint8Array): Promise<void>;
  /** Cuts the part, and makes it if there is none. */
  truncate(sizeBytes: number): Promise<void>;
  /** Makes the part durable and gives it the place's name. Throws `file-exists` unless it may `replace`. */
  commit(options: { readonly replace: boolean }): Promise<void>;
  /** Removes the part. */
  discard(): Promise<void>;
}

/** What the platform lends to a keybox. */
export interface Platform {
  readonly primitives: Primitives;
  readonly suites: Suites;
  /** SHA-256 of the suite modules that were loaded beside the built-in suites. */
  readonly suiteModules?: readonly Uint8Array[];
  readonly clock: Clock;
  readonly transport: Transport;
  readonly blobs: BlobTransport;
}

/** Named steps of long work, for showing. */
export type Progress = (step: string) => void;
