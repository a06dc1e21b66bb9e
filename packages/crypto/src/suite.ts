import type { CborValue } from '@sotto/bytes';
import type { KeyPair, Primitives } from './ports.ts';
import type { Secret } from './secret.ts';
import type { SignatureTag } from './tags.ts';

/**
 * One set of algorithms under one id, never negotiated downwards. 1 `classic`, 2 `hybrid`, 0x8000 and above third
 * parties'. Public keys are byte strings whose inner form is the suite's own; secret keys are opaque handles.
 */
export interface Suite {
  readonly id: number;
  readonly name: string;
  /** True only if content sealed under this suite withstands a quantum computer. */
  readonly postQuantum: boolean;
  readonly signature: SuiteSignature;
  readonly kem: SuiteKem;
  readonly userKeys: SuiteUserKeys;
  readonly certificateKey: SuiteCertificateKey;
}

export interface SuiteSignature {
  generate(): Promise<KeyPair>;
  publicKey(secretKey: Secret): Promise<Uint8Array<ArrayBuffer>>;
  sign(secretKey: Secret, tag: SignatureTag, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Resolves when every signature that the tag demands verifies; throws `bad-signature` or `key-malformed`. */
  verify(publicKey: Uint8Array, tag: SignatureTag, message: Uint8Array, signature: Uint8Array): Promise<void>;
}

/** What a sealed item is for, bound into the key schedule. */
export type SealPurpose =
  | 'sotto/seal/user-key-seed/v1'
  | 'sotto/seal/era-secret/v1'
  | 'sotto/seal/message-key/v1'
  | 'sotto/seal/key-answer/v1'
  | 'sotto/seal/profile-key/v1'
  | 'sotto/seal/session-key/v1'
  | 'sotto/seal/master-key/v1';

export interface SuiteKem {
  generate(): Promise<KeyPair>;
  publicKey(secretKey: Secret): Promise<Uint8Array<ArrayBuffer>>;
  /** Single-shot public-key encryption; `context` is authenticated, not carried. */
  seal(publicKey: Uint8Array, binding: SealBinding, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws `open-failed` or `sealed-malformed`. */
  open(secretKey: Secret, binding: SealBinding, sealed: Uint8Array): Promise<Secret>;
}

export interface SealBinding {
  readonly purpose: SealPurpose;
  /** Encoded as deterministic CBOR: sender, recipient key hash, account, generation or room, era. */
  readonly context: CborValue;
}

/**
 * The keys of one user-key generation, all opened by one 32-byte seed. Where the suite derives them (hybrid)
 * `wrapped` is empty; where it cannot (RSA) the secret keys are wrapped under the seed and travel in the statement.
 */
export interface SuiteUserKeys {
  generate(seed: Secret): Promise<UserKeyPairs & { readonly wrapped: Uint8Array<ArrayBuffer> }>;
  /** Re-makes the pairs and checks them against the public keys that the statement names; throws `open-failed`. */
  open(seed: Secret, published: PublishedUserKeys): Promise<UserKeyPairs>;
}

export interface UserKeyPairs {
  /** Opens era secrets and message keys of rooms: a key of `SuiteKem`. */
  readonly room: KeyPair;
  /** Opens CMS containers: a key of the suite's container mechanism. */
  readonly container: KeyPair;
}

export interface PublishedUserKeys {
  readonly room: Uint8Array;
  readonly container: Uint8Array;
  readonly wrapped: Uint8Array;
}

/** The key that a device's certificate carries: PKCS#8 and SPKI DER whatever the algorithm. */
export interface SuiteCertificateKey {
  readonly algorithm: 'ed25519' | 'rsa-3072' | 'rsa-4096' | 'ecdsa-p384';
  generate(): Promise<KeyPair>;
}

/** The suites that this program knows; `createSuites` makes it. */
export interface Suites {
  readonly all: readonly Suite[];
  /** Throws `suite-unknown`. */
  byId(id: number): Suite;
  /** Throws `suite-unknown`. */
  byName(name: string): Suite;
}

/** What a module named by `--suite-module` exports as `createSuite`. */
export type SuiteFactory = (primitives: Primitives) => Suite;
