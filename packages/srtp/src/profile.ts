/** A protection profile: ciphers, and the lengths of keys and tags in bytes. */
export interface SrtpProfile {
  readonly name: string;
  readonly mode: 'counter' | 'gcm';
  readonly keyBytes: 16 | 32;
  readonly saltBytes: 12 | 14;
  /** Of SRTP; counter mode has 10 bytes on SRTCP whatever it has here (RFC 3711 section 5.2). */
  readonly tagBytes: number;
}

/** RFC 3711, RFC 6188 and RFC 7714, by the names of their registries. */
export const profiles: readonly SrtpProfile[] = [
  counter('AES_CM_128_HMAC_SHA1_80', 16, 10),
  counter('AES_CM_128_HMAC_SHA1_32', 16, 4),
  counter('AES_256_CM_HMAC_SHA1_80', 32, 10),
  counter('AES_256_CM_HMAC_SHA1_32', 32, 4),
  gcm('AEAD_AES_128_GCM', 16),
  gcm('AEAD_AES_256_GCM', 32),
];

function counter(name: string, keyBytes: 16 | 32, tagBytes: number): SrtpProfile {
  return { name, mode: 'counter', keyBytes, saltBytes: 14, tagBytes };
}

function gcm(name: string, keyBytes: 16 | 32): SrtpProfile {
  return { name, mode: 'gcm', keyBytes, saltBytes: 12, tagBytes: 16 };
}
