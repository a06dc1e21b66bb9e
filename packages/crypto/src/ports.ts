import type { Secret } from './secret.ts';

/**
 * The cryptographic operations that a platform provides. Keys are bytes in the form each member states; every
 * failure is a typed fault of this package, never the platform's own error. `crypto/node` and `crypto/web`
 * implement it; a suite builds on it alone.
 */
export interface Primitives {
  /** Bytes of the platform's CSPRNG. */
  randomBytes(length: number): Uint8Array<ArrayBuffer>;
  /** AES-256-GCM, 12-byte nonce; the 16-byte tag follows the ciphertext. */
  readonly aes256Gcm: Aead;
  /** Seed 32 bytes, public key 32, signature 64 (RFC 8032); strict verification. */
  readonly ed25519: SeedSigner;
  /** Seed 32 bytes, public key 1952, signature 3309 (FIPS 204, pure, empty context, hedged). */
  readonly mlDsa65: SeedSigner;
  /** RSASSA-PSS, SHA-256, MGF1-SHA-256, salt 32; secret key PKCS#8 DER, public key SPKI DER. */
  readonly rsaPss: GeneratedSigner<RsaSize>;
  /** ECDSA P-384 with SHA-384; secret key PKCS#8 DER, public key SPKI DER, signature r | s (96 bytes). */
  readonly ecdsaP384: GeneratedSigner<null>;
  /** RFC 7748; secret and public key 32 bytes; the all-zero result is `bad-share`. */
  readonly x25519: DiffieHellman;
  /** ECDH on P-384; secret key 48-byte scalar, public key 97-byte uncompressed point, result the x coordinate (48). */
  readonly ecdhP384: DiffieHellman;
  /** FIPS 203; secret key the 64-byte seed d | z, public key 1184, ciphertext 1088, shared secret 32. */
  readonly mlKem768: KeyEncapsulation;
  /** RSAES-OAEP, SHA-256, MGF1-SHA-256, empty label; secret key PKCS#8 DER, public key SPKI DER. */
  readonly rsaOaep: RsaOaep;
  /** What other programs write into containers and we only read. */
  readonly foreignRsa: ForeignRsa;
  /** RFC 9106, version 0x13. */
  argon2id(password: Uint8Array, salt: Uint8Array, parameters: Argon2Parameters, length: number): Promise<Secret>;
  /** PBKDF2-HMAC-SHA-256 (RFC 8018). */
  pbkdf2Sha256(password: Uint8Array, salt: Uint8Array, iterations: number, length: number): Promise<Secret>;
}

export type RsaSize = 3072 | 4096;

export interface AeadInput {
  readonly key: Secret;
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
}

export interface Aead {
  seal(input: AeadInput, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws `open-failed`. */
  open(input: AeadInput, sealed: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

export interface Signer {
  sign(secretKey: Secret, message: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** False for a signature that does not verify and for a malformed one; throws `key-malformed` for a malformed key. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
  publicKey(secretKey: Secret): Promise<Uint8Array<ArrayBuffer>>;
}

/** A signer whose secret key is a seed of random bytes. */
export interface SeedSigner extends Signer {
  readonly seedBytes: number;
}

export interface GeneratedSigner<Size> extends Signer {
  generate(size: Size): Promise<KeyPair>;
}

export interface KeyPair {
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly secretKey: Secret;
}

export interface DiffieHellman {
  generate(): Promise<KeyPair>;
  publicKey(secretKey: Secret): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws `bad-share`. */
  agree(secretKey: Secret, publicKey: Uint8Array): Promise<Secret>;
}

export interface KeyEncapsulation {
  readonly seedBytes: number;
  publicKey(seed: Secret): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws `bad-share` for a public key that fails the modulus check. */
  encapsulate(publicKey: Uint8Array): Promise<{ ciphertext: Uint8Array<ArrayBuffer>; sharedSecret: Secret }>;
  /** Implicit rejection as FIPS 203 says; throws `bad-share` only for a ciphertext of the wrong length. */
  decapsulate(seed: Secret, ciphertext: Uint8Array): Promise<Secret>;
}

export interface RsaOaep {
  generate(size: RsaSize): Promise<KeyPair>;
  publicKey(secretKey: Secret): Promise<Uint8Array<ArrayBuffer>>;
  encrypt(publicKey: Uint8Array, plaintext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** Throws `open-failed`. */
  decrypt(secretKey: Secret, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
}

/** RSA with the defaults of other programs: nothing of ours is encrypted or signed so. Keys as in `rsaOaep`. */
export interface ForeignRsa {
  /** RSAES-OAEP, SHA-1, MGF1-SHA-1, empty label: the default of RFC 8017. Throws `open-failed`. */
  decryptOaepSha1(secretKey: Secret, ciphertext: Uint8Array): Promise<Uint8Array<ArrayBuffer>>;
  /** RSASSA-PKCS1-v1_5, SHA-256. False as in `Signer`. */
  verifyPkcs1Sha256(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): Promise<boolean>;
}

export interface Argon2Parameters {
  readonly memoryKib: number;
  readonly passes: number;
  readonly parallelism: number;
}
