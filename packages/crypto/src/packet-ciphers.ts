import type { Secret } from './secret.ts';

/**
 * What media protocols do to every packet: synchronous, because packets must keep their order and cost microseconds.
 * The keys here live as long as one stream.
 */
export interface PacketCiphers {
  /** AES in counter mode: key of 16 or 32 bytes, first counter block of 16; `data` is changed where it lies. */
  aesCtr(key: Secret, counter: Uint8Array, data: Uint8Array): void;
  /** AES-GCM: key of 16 or 32 bytes, nonce of 12; the 16-byte tag follows the ciphertext. */
  readonly aesGcm: PacketAead;
  /** AES with whole blocks fed back: key of 16 or 32 bytes, first block of 16. ZRTP alone uses it. */
  readonly aesCfb: {
    encrypt(key: Secret, block: Uint8Array, plaintext: Uint8Array): Uint8Array<ArrayBuffer>;
    decrypt(key: Secret, block: Uint8Array, ciphertext: Uint8Array): Uint8Array<ArrayBuffer>;
  };
  /** HMAC over the parts joined, whole. */
  hmac(hash: PacketHash, key: Secret, ...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer>;
}

export type PacketHash = 'SHA-1' | 'SHA-256' | 'SHA-384' | 'SHA-512';

/** What comes of a packet is written into its place: a packet is short, and memory for it takes as long as the cipher. */
export interface PacketAead {
  /** `into` has 16 bytes more than the plaintext. */
  seal(key: Secret, input: PacketSealing, into: Uint8Array): void;
  /** `into` has 16 bytes less than `sealed`; what is not genuine writes nothing there. Throws `open-failed`. */
  open(key: Secret, input: PacketOpening, into: Uint8Array): void;
}

export interface PacketSealing {
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  readonly plaintext: Uint8Array;
}

export interface PacketOpening {
  readonly nonce: Uint8Array;
  readonly aad: Uint8Array;
  readonly sealed: Uint8Array;
}
