/** Types of the packages that we are compared with, as far as they are used: these are not installed by default. */

declare module '@signalapp/libsignal-client' {
  type Bytes = Uint8Array<ArrayBuffer>;
  export interface PublicKey {
    serialize(): Bytes;
  }
  export class PrivateKey {
    static generate(): PrivateKey;
    sign(message: Bytes): Bytes;
    getPublicKey(): PublicKey;
  }
  export class KEMKeyPair {
    static generate(): KEMKeyPair;
    getPublicKey(): PublicKey;
  }
  export class ProtocolAddress {
    static new(name: string, deviceId: number): ProtocolAddress;
    toString(): string;
  }
  export class PreKeyRecord {
    static new(id: number, publicKey: PublicKey, secretKey: PrivateKey): PreKeyRecord;
  }
  export class SignedPreKeyRecord {
    static new(id: number, at: number, publicKey: PublicKey, secretKey: PrivateKey, by: Bytes): SignedPreKeyRecord;
  }
  export class KyberPreKeyRecord {
    static new(id: number, at: number, pair: KEMKeyPair, signature: Bytes): KyberPreKeyRecord;
  }
  export class PreKeyBundle {
    static new(...parts: readonly (number | PublicKey | Bytes | null)[]): PreKeyBundle;
  }
  export class SessionRecord {
    static deserialize(bytes: Bytes): SessionRecord;
    serialize(): Bytes;
  }
  export interface CiphertextMessage {
    serialize(): Bytes;
  }
  export class SignalMessage {
    static deserialize(bytes: Bytes): SignalMessage;
  }
  export class PreKeySignalMessage {
    static deserialize(bytes: Bytes): PreKeySignalMessage;
  }
  export abstract class SessionStore {}
  export abstract class IdentityKeyStore {}
  export abstract class PreKeyStore {}
  export abstract class SignedPreKeyStore {}
  export abstract class KyberPreKeyStore {}
  type Address = ProtocolAddress;
  export function processPreKeyBundle(
    bundle: PreKeyBundle,
    to: Address,
    own: Address,
    sessions: SessionStore,
    identities: IdentityKeyStore,
  ): Promise<void>;
  export function signalEncrypt(
    message: Bytes,
    to: Address,
    own: Address,
    sessions: SessionStore,
    identities: IdentityKeyStore,
  ): Promise<CiphertextMessage>;
  export function signalDecrypt(
    message: SignalMessage,
    from: Address,
    own: Address,
    sessions: SessionStore,
    identities: IdentityKeyStore,
  ): Promise<Bytes>;
  export function signalDecryptPreKey(
    message: PreKeySignalMessage,
    from: Address,
    own: Address,
    sessions: SessionStore,
    identities: IdentityKeyStore,
    preKeys: PreKeyStore,
    signedPreKeys: SignedPreKeyStore,
    kyberPreKeys: KyberPreKeyStore,
  ): Promise<Bytes>;
}

declare module '@matrix-org/matrix-sdk-crypto-wasm' {
  export function initAsync(): Promise<void>;
  export class UserId {
    constructor(id: string);
  }
  export class DeviceId {
    constructor(id: string);
  }
  export class RoomId {
    constructor(id: string);
  }
  export class EncryptionSettings {
    rotationPeriodMessages: bigint;
  }
  export class DecryptionSettings {
    constructor(requirement: number);
  }
  export class OlmMachine {
    static initialize(user: UserId, device: DeviceId): Promise<OlmMachine>;
    shareRoomKey(room: RoomId, users: UserId[], settings: EncryptionSettings): Promise<unknown[]>;
    encryptRoomEvent(room: RoomId, type: string, content: string): Promise<string>;
    decryptRoomEvent(event: string, room: RoomId, settings: DecryptionSettings): Promise<{ readonly event: string }>;
  }
}

declare module 'ts-mls' {
  export interface CiphersuiteImpl {
    readonly name: string;
  }
  export interface ClientState {
    readonly ratchetTree: unknown;
  }
  export interface KeyPackage {
    readonly version: string;
  }
  export interface PrivateKeyPackage {
    readonly initPrivateKey: Uint8Array;
  }
  export interface PrivateMessage {
    readonly ciphertext: Uint8Array;
  }
  interface KeyPackagePair {
    readonly publicPackage: KeyPackage;
    readonly privatePackage: PrivateKeyPackage;
  }
  interface AddProposal {
    readonly proposalType: 'add';
    readonly add: { readonly keyPackage: KeyPackage };
  }
  export const emptyPskIndex: unknown;
  export function getCiphersuiteFromName(name: string): unknown;
  export function getCiphersuiteImpl(suite: unknown): Promise<CiphersuiteImpl>;
  export function defaultCapabilities(): unknown;
  export const defaultLifetime: unknown;
  export function generateKeyPackage(
    credential: { readonly credentialType: 'basic'; readonly identity: Uint8Array },
    capabilities: unknown,
    lifetime: unknown,
    extensions: readonly unknown[],
    suite: CiphersuiteImpl,
  ): Promise<KeyPackagePair>;
  export function createGroup(
    id: Uint8Array,
    own: KeyPackage,
    secret: PrivateKeyPackage,
    extensions: readonly unknown[],
    suite: CiphersuiteImpl,
  ): Promise<ClientState>;
  export function createCommit(
    context: { readonly state: ClientState; readonly cipherSuite: CiphersuiteImpl },
    options: { readonly extraProposals: readonly AddProposal[]; readonly ratchetTreeExtension?: boolean },
  ): Promise<{ readonly newState: ClientState; readonly welcome?: unknown; readonly commit: unknown }>;
  export function joinGroup(
    welcome: unknown,
    own: KeyPackage,
    secret: PrivateKeyPackage,
    psks: unknown,
    suite: CiphersuiteImpl,
    tree?: unknown,
  ): Promise<ClientState>;
  export function createApplicationMessage(
    state: ClientState,
    message: Uint8Array,
    suite: CiphersuiteImpl,
  ): Promise<{ readonly newState: ClientState; readonly privateMessage: PrivateMessage }>;
  export function processPrivateMessage(
    state: ClientState,
    message: PrivateMessage,
    psks: unknown,
    suite: CiphersuiteImpl,
  ): Promise<{ readonly newState: ClientState; readonly kind: string; readonly message?: Uint8Array }>;
  export function encodeMlsMessage(message: unknown): Uint8Array;
  export function decodeMlsMessage(
    bytes: Uint8Array,
    offset: number,
  ): readonly [{ readonly privateMessage: PrivateMessage; readonly wireformat: string }, number] | undefined;
}

declare module 'werift' {
  export class RtpHeader {
    constructor(header: { payloadType: number; sequenceNumber: number; timestamp: number; ssrc: number });
  }
  export class SrtpSession {
    constructor(config: {
      keys: Record<'localMasterKey' | 'localMasterSalt' | 'remoteMasterKey' | 'remoteMasterSalt', Buffer>;
      profile: number;
    });
    encrypt(payload: Buffer, header: RtpHeader): Buffer;
    decrypt(packet: Buffer): Buffer;
  }
}
