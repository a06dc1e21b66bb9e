/** Nh, Nm and Nx of SHA-512 and its HKDF and HMAC. */
export const HASH_BYTES = 64;

/** Npk and Noe: an encoded ristretto255 element. */
export const ELEMENT_BYTES = 32;

/** Nsk: an encoded scalar. */
export const SCALAR_BYTES = 32;

/** Nn. */
export const NONCE_BYTES = 32;

/** Nseed. */
export const SEED_BYTES = 32;

/** Nonce and authentication tag. */
export const ENVELOPE_BYTES: number = NONCE_BYTES + HASH_BYTES;

/** Server public key and envelope under the pad. */
export const MASKED_RESPONSE_BYTES: number = ELEMENT_BYTES + ENVELOPE_BYTES;

/** Evaluated message, masking nonce, masked response, server nonce, server key share: KE2 without its MAC. */
export const KE2_HEAD_BYTES: number = ELEMENT_BYTES + NONCE_BYTES + MASKED_RESPONSE_BYTES + NONCE_BYTES + ELEMENT_BYTES;

export const KE3_BYTES: number = HASH_BYTES;
