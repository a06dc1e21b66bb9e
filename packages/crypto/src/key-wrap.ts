import { aeskw } from '@noble/ciphers/aes.js';
import { checkKeyLength, keyMalformed, openFailed } from './refusal.ts';
import { Secret } from './secret.ts';

/**
 * AES-256 key wrap (RFC 3394) of a key of 16 bytes or more, a multiple of 8: the result is 8 bytes longer.
 * Throws `key-malformed`.
 */
export function wrapKey(keyEncryptionKey: Secret, key: Secret): Uint8Array<ArrayBuffer> {
  checkKeyLength(keyEncryptionKey, 32, 'key-encryption key');
  if (key.length < 16 || key.length % 8 !== 0) throw keyMalformed('a key that RFC 3394 does not wrap');
  return keyEncryptionKey.use((kek) => key.use((bytes) => Uint8Array.from(aeskw(kek).encrypt(bytes))));
}

/** Throws `key-malformed`, `open-failed`. */
export function unwrapKey(keyEncryptionKey: Secret, wrapped: Uint8Array): Secret {
  checkKeyLength(keyEncryptionKey, 32, 'key-encryption key');
  if (wrapped.length < 24 || wrapped.length % 8 !== 0) throw openFailed();
  return keyEncryptionKey.use((kek) => {
    const bytes = decrypt(kek, wrapped);
    const key = new Secret(bytes);
    bytes.fill(0);
    return key;
  });
}

function decrypt(kek: Uint8Array, wrapped: Uint8Array): Uint8Array {
  try {
    return aeskw(kek).decrypt(wrapped);
  } catch (cause) {
    throw openFailed(cause);
  }
}
