import { cfb, ctr, gcm } from '@noble/ciphers/aes.js';
import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import { sha256, sha384, sha512 } from '@noble/hashes/sha2.js';
import { concat } from '@sotto/bytes';
import type { PacketCiphers, PacketHash } from './packet-ciphers.ts';
import { openFailed } from './refusal.ts';

/** `PacketCiphers` in JavaScript alone: enough for the frames of a call where a platform has no synchronous ciphers. */
export const portablePacketCiphers: PacketCiphers = {
  aesCtr: (key, counter, data) => key.use((bytes) => data.set(ctr(bytes, counter).encrypt(data))),

  aesGcm: {
    seal: (key, { nonce, aad, plaintext }, into) =>
      key.use((bytes) => into.set(gcm(bytes, nonce, aad).encrypt(plaintext))),

    open(key, { nonce, aad, sealed }, into) {
      if (sealed.length < TAG_BYTES) throw openFailed();
      const plaintext = key.use((bytes) => {
        try {
          return gcm(bytes, nonce, aad).decrypt(sealed);
        } catch (cause) {
          throw openFailed(cause);
        }
      });
      into.set(plaintext);
    },
  },

  aesCfb: {
    encrypt: (key, block, plaintext) => key.use((bytes) => Uint8Array.from(cfb(bytes, block).encrypt(plaintext))),
    decrypt: (key, block, ciphertext) => key.use((bytes) => Uint8Array.from(cfb(bytes, block).decrypt(ciphertext))),
  },

  hmac: (hash, key, ...parts) => key.use((bytes) => Uint8Array.from(hmac(HASHES[hash], bytes, concat(...parts)))),
};

const HASHES: Readonly<Record<PacketHash, typeof sha1 | typeof sha256>> = {
  'SHA-1': sha1,
  'SHA-256': sha256,
  'SHA-384': sha384 as unknown as typeof sha256,
  'SHA-512': sha512 as unknown as typeof sha256,
};
const TAG_BYTES = 16;
