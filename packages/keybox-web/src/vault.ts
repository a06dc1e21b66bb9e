import type { Blame } from '@sotto/bytes';
import type {
  AccountPlace,
  AccountSummary,
  FileView,
  KeyBox,
  LinkedDevice,
  NewAccount,
  NewDevice,
  NewPasskey,
  PasskeyView,
  Sent,
  UnfinishedAccount,
  VaultCheckView,
} from '@sotto/keybox';
import type { Address, VoiceNote } from '@sotto/protocol';
import type { Remote } from 'comlink';

/** Names long work between a page and its worker, so that progress finds its screen and the screen can stop it. */
export type TaskId = string;

/** Where a browser's vaults stand; every tab sees the same. */
export type VaultState =
  /** No worker has the vaults yet: another tab is being asked, or storage is being opened. */
  | { readonly kind: 'starting' }
  /** Vaults cannot be kept here. */
  | { readonly kind: 'unusable'; readonly reason: UnusableReason }
  | {
      readonly kind: 'locked';
      readonly accounts: readonly AccountSummary[];
      /** Nothing was stored here when the browser opened this; what a page knows of accounts here was deleted since. */
      readonly isNew: boolean;
    }
  | {
      readonly kind: 'open';
      readonly address: Address;
      readonly accounts: readonly AccountSummary[];
      /** Nothing of this account outlives the browser window. */
      readonly temporary: boolean;
      /** The browser has deleted its vault: what pages show is the last of it here. */
      readonly isGone: boolean;
      readonly connection: Connection;
    };

/** `private-window`: no OPFS; `insecure`: no WebCrypto outside https and this machine; `blocked`: storage refused by settings. */
export type UnusableReason = 'private-window' | 'insecure' | 'blocked' | 'old-browser';

/** What the status line says. */
export interface Connection {
  readonly online: boolean;
  /** Milliseconds since the epoch; null before the first time. */
  readonly lastSyncAt: number | null;
  /** Since when the home server is out of reach. */
  readonly offlineSince: number | null;
  /** How much waits in the outbox. */
  readonly unsent: number;
  /** Code of what keeps the whole account from being up to date, such as `rollback` or `device-revoked`. */
  readonly refused: string | null;
  /** Codes of what single rooms were refused for. */
  readonly faults: readonly string[];
}

/** What the worker tells all tabs. */
export type VaultEvent =
  | { readonly kind: 'state'; readonly state: VaultState }
  /** Something that a screen may show is other than it was. */
  | { readonly kind: 'changed' }
  /** A step of long work; bytes where they are known. */
  | {
      readonly kind: 'progress';
      readonly task: TaskId;
      readonly step: string;
      readonly done: number | null;
      readonly total: number | null;
    }
  /** How work ended that no call waits for: what broke it off, or null. */
  | {
      readonly kind: 'over';
      readonly task: TaskId;
      readonly fault: { readonly code: string; readonly blame: Blame } | null;
    }
  /** The code that a linking device shows, while it waits. */
  | { readonly kind: 'link-code'; readonly task: TaskId; readonly code: string; readonly expiresAt: number };

type Task<Input> = Omit<Input, 'progress' | 'signal' | 'show'> & { readonly task: TaskId };

/** Accounts of this browser: into them and out of them. Each way in opens the account; all throw what the keybox throws. */
export interface Gate {
  state(): Promise<VaultState>;
  /** Whose page this is, as its server says of itself: that proves nothing, but can be compared. */
  server(): Promise<ServerView>;
  /** Sign-ups and new devices that broke off in this browser; the same once more goes on with them. */
  unfinished(): Promise<readonly UnfinishedAccount[]>;
  /** Reads an invitation link: what it leads to, before anything is made. */
  invitation(link: string): Promise<InvitationView>;
  signUp(input: Task<NewAccount>): Promise<void>;
  /** `temporary`: nothing is kept on this computer. The recovery key as text, where the account asks for it as well. */
  signIn(
    input: Task<NewDevice & AccountPlace> & { readonly temporary: boolean; readonly recoveryKey?: string },
  ): Promise<void>;
  link(input: Task<LinkedDevice> & { readonly temporary: boolean }): Promise<void>;
  /** Opens the kit, and gives its address. The key as text, the server as in the kit. */
  openKit(kit: { readonly server: string; readonly ca: string | null; readonly key: string }): Promise<Address>;
  /** By the kit that was opened last, with a new passphrase. */
  recover(input: Task<NewDevice>): Promise<void>;
  unlock(input: {
    readonly address: Address;
    readonly passphrase: string;
    readonly vaultPassphrase?: string;
  }): Promise<void>;
  /** Passkeys that open the vault of an account here. */
  passkeys(address: Address): Promise<readonly PasskeyView[]>;
  /** By what a passkey gave for its salt: WebAuthn, extension `prf`, which pages alone may ask. */
  unlockByPasskey(input: Pick<NewPasskey, 'credentialId' | 'prf'> & { readonly address: Address }): Promise<void>;
  /** Wipes the keys of the open account in all tabs. */
  lock(): Promise<void>;
  /** Removes an account from this browser. */
  forget(address: Address): Promise<void>;
  /** Stops long work; it throws `cancelled` where it was begun. */
  cancel(task: TaskId): Promise<void>;
  /** 0 to 4 of zxcvbn, with what the policy asks for. */
  passphraseScore(passphrase: string, userInputs: readonly string[]): Promise<number>;
  generatePassphrase(): Promise<string>;
  storage(): Promise<StorageView>;
  /** Asks the browser to keep what is stored even if space gets scarce. */
  persist(): Promise<boolean>;
}

export interface ServerView {
  readonly domain: string;
  /** SHA-256 of its CA certificate, hexadecimal. */
  readonly caFingerprint: string;
}

export interface InvitationView {
  readonly server: string;
  readonly domain: string;
  readonly caFingerprint: string;
  readonly state: 'open' | 'reserved' | 'used' | 'expired';
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

export interface StorageView {
  readonly usedBytes: number;
  readonly quotaBytes: number;
  readonly persisted: boolean;
  /** Which primitives the browser lacks, so that portable ones stand in, such as `ML-KEM-768`. */
  readonly portable: readonly string[];
}

/** What is done with the open vault itself and with files of this machine, beside the words of the box. */
export interface Tools {
  checkVault(): Promise<VaultCheckView>;
  /** PKCS#12 under a passphrase of the person's choice. */
  exportKeyFile(passphrase: string): Promise<Uint8Array>;
  /** Lets a passkey open the vault of this browser. Throws `policy-forbids`. */
  addPasskey(passkey: NewPasskey): Promise<void>;
  removePasskey(credentialId: Uint8Array): Promise<void>;
  /** A new recovery key as text; nothing is in force yet, and it is kept nowhere. */
  newRecoveryKey(): Promise<string>;
  /**
   * Puts a recovery key in force. The one before it ends: that takes its own text, or the passphrase of an account that
   * roams. Throws `second-signer-needed`.
   */
  setRecoveryKey(input: RecoveryKeyChange): Promise<void>;
  /** Broken off, the same call with the same file goes on with it. */
  sendFile(input: FileToSend): Promise<Sent>;
  /** The whole content for a preview; throws `file-too-large` above 64 MiB. */
  readFile(input: FileToRead): Promise<Blob>;
  /** Begins a download and gives the path under which the service worker streams it; `over` tells how it ended. */
  offerFile(input: FileToRead): Promise<{ readonly path: string; readonly file: FileView }>;
}

export interface RecoveryKeyChange {
  readonly key: string;
  readonly oldKey?: string;
  readonly passphrase?: string;
}

export interface FileToSend {
  readonly task: TaskId;
  /** Id of the room. */
  readonly room: string;
  readonly content: File;
  readonly name: string;
  readonly mediaType: string;
  /** Id of the file that it is the next version of. */
  readonly replaces?: string;
  readonly voice?: VoiceNote;
}

export interface FileToRead {
  readonly task: TaskId;
  readonly room: string;
  /** Id of the file. */
  readonly file: string;
  /** By default the newest. */
  readonly version?: number;
}

/** What a worker offers to pages: `box` and `tools` throw `locked` while no account is open. */
export interface VaultWorker {
  readonly gate: Gate;
  readonly box: KeyBox;
  readonly tools: Tools;
}

/** What lives in the worker, as pages call it: `await box.admin.users()`. Each method answers later, at any depth. */
export type Away<Kept> = {
  readonly [Name in keyof Kept]: Kept[Name] extends (...input: infer Input) => infer Output
    ? (...input: Input) => Promise<Awaited<Output>>
    : Kept[Name] extends string | number | boolean | null
      ? Promise<Kept[Name]>
      : Away<Kept[Name]>;
};

/** The vaults of this browser, as a page has them. */
export interface Vaults {
  readonly gate: Remote<Gate>;
  readonly box: Away<KeyBox>;
  readonly tools: Remote<Tools>;
  /** The newest that was told. */
  state(): VaultState;
  /** Hears every event from now on; gives what ends that. */
  subscribe(listener: (event: VaultEvent) => void): () => void;
  newTask(): TaskId;
}
