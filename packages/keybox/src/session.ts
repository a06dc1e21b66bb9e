import type { KeyPair, Primitives, Suite, Suites } from '@sotto/crypto';
import type {
  Address,
  DeviceName,
  OperationInput,
  OperationName,
  OperationOutput,
  Operations,
  ServerEvent,
} from '@sotto/protocol';
import type { Clock, HttpRequest, HttpResponse, Part, RunningHash } from './ports.ts';
import type { UserKey } from './user-keys.ts';

/** The secrets and public facts of the account that a vault belongs to, while it is unlocked. */
export interface OwnIdentity {
  readonly address: Address;
  readonly fingerprint: Uint8Array;
  readonly suite: Suite;
  readonly deviceId: Uint8Array;
  readonly deviceName: DeviceName;
  readonly signing: KeyPair;
  readonly kem: KeyPair;
  /** Opens `device.p12`, which takes about a third of a second; the key is the caller's to dispose of. */
  certificateKey(): Promise<KeyPair>;
  /** DER. */
  readonly certificate: Uint8Array;
  /** DER; classic accounts alone. */
  readonly userKeyCertificate: Uint8Array | null;
  readonly caCertificate: Uint8Array;
  readonly caFingerprint: Uint8Array;
  /** Ascending generations; the last is in force. Grows with the own chain. */
  readonly userKeys: UserKey[];
  readonly accountRoom: Uint8Array;
}

/** The connection to the home server; opened on demand, resumed when it breaks. */
export interface Link {
  /**
   * Calls an operation on the device channel. Throws the server's typed refusal, `unreachable`, or `channel-broken`
   * when every new attempt was tampered with. Calls are repeated after a broken channel: operations are idempotent.
   */
  call<Name extends OperationName>(
    name: Name,
    input: OperationInput<Operations[Name]>,
  ): Promise<OperationOutput<Operations[Name]>>;
  /** Returns what takes the listener off again. */
  onEvent(listener: (event: ServerEvent) => void): () => void;
  /** Told when a connection that stood has ended. Returns what takes the listener off again. */
  onEnd(listener: () => void): () => void;
  /** True once this link has spoken to the server in this run. */
  readonly connected: boolean;
  /** Origin of the home server. */
  readonly origin: string;
  close(): void;
}

/** The `BlobTransport` of a home server. */
export interface BlobLink {
  /** Throws `unreachable`, `tls-refused`, `cancelled`. */
  request(request: HttpRequest): Promise<HttpResponse>;
  sha256(): RunningHash;
}

/** What concerns the vault as a whole. */
export interface VaultCare {
  /** Deletes what opens the vault without the server, passkeys included: its passphrase was changed. */
  forgetOfflineWrap(): Promise<void>;
  /** Puts the vault under a new secret, kept at the server under the account's unlock key. Nothing for an advanced vault. */
  renew(input: { readonly unlockKey: Uint8Array; readonly passphrase: string }): Promise<void>;
  /** Deletes the vault: its device was revoked. What is open goes on until it is closed, and can be opened no more. */
  erase(): Promise<void>;
}

/** What every module of an unlocked keybox works with. */
export interface Session {
  readonly identity: OwnIdentity;
  readonly link: Link;
  readonly primitives: Primitives;
  readonly suites: Suites;
  readonly clock: Clock;
  /** Bytes of blobs, from and to the home server. */
  readonly blobs: BlobLink;
  /** The transaction home: chains, heads, cursors, outbox, inbox, era secrets, key log. */
  readonly keys: Part;
  /** Projection: who one knows. */
  readonly contacts: Part;
  /** Projection: what was said. */
  readonly history: Part;
  readonly care: VaultCare;
}
