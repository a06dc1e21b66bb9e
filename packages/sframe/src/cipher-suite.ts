import type { PacketHash } from '@sotto/crypto';

/** One of the cipher suites of RFC 9605 section 8.1, and of the 256-bit counter suites registered beside them. */
export interface CipherSuite {
  readonly id: number;
  readonly name: string;
  readonly mode: 'ctr-hmac' | 'gcm';
  readonly hash: Extract<PacketHash, 'SHA-256' | 'SHA-512'>;
  /** Of HKDF's extract, and of the HMAC in counter mode. */
  readonly hashBytes: number;
  /** Of AES alone. */
  readonly cipherKeyBytes: number;
  readonly tagBytes: number;
}

export const cipherSuites: readonly CipherSuite[] = [
  ctr(1, 'AES_128_CTR_HMAC_SHA256_80', 'SHA-256', 10),
  ctr(2, 'AES_128_CTR_HMAC_SHA256_64', 'SHA-256', 8),
  ctr(3, 'AES_128_CTR_HMAC_SHA256_32', 'SHA-256', 4),
  gcm(4, 'AES_128_GCM_SHA256_128', 'SHA-256'),
  gcm(5, 'AES_256_GCM_SHA512_128', 'SHA-512'),
  ctr(6, 'AES_256_CTR_HMAC_SHA512_80', 'SHA-512', 10),
  ctr(7, 'AES_256_CTR_HMAC_SHA512_64', 'SHA-512', 8),
  ctr(8, 'AES_256_CTR_HMAC_SHA512_32', 'SHA-512', 4),
];

/** Bytes of nonce and salt, in every suite. */
export const NONCE_BYTES = 12;

/** What a base key is stretched to: in counter mode the key of AES and then that of HMAC. */
export function keyBytes({ mode, cipherKeyBytes, hashBytes }: CipherSuite): number {
  return mode === 'gcm' ? cipherKeyBytes : cipherKeyBytes + hashBytes;
}

function ctr(id: number, name: string, hash: CipherSuite['hash'], tagBytes: number): CipherSuite {
  return { id, name, mode: 'ctr-hmac', hash, ...sizes(hash), tagBytes };
}

function gcm(id: number, name: string, hash: CipherSuite['hash']): CipherSuite {
  return { id, name, mode: 'gcm', hash, ...sizes(hash), tagBytes: 16 };
}

function sizes(hash: CipherSuite['hash']): { readonly hashBytes: number; readonly cipherKeyBytes: number } {
  return hash === 'SHA-256' ? { hashBytes: 32, cipherKeyBytes: 16 } : { hashBytes: 64, cipherKeyBytes: 32 };
}
