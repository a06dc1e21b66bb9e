import { createCipheriv, createDecipheriv, createHmac } from 'node:crypto';
import { BugFault } from '@sotto/bytes';
import type { PacketCiphers, PacketHash } from '../packet-ciphers.ts';
import { openFailed } from '../refusal.ts';
import { shortCtr } from './short-ctr.ts';
import { shortHmac } from './short-hmac.ts';

/** `PacketCiphers` on node:crypto. */
export const nodePacketCiphers: PacketCiphers = {
  aesCtr(key, counter, data) {
    if (shortCtr(key, counter, data)) return;
    const cipher = key.use((bytes) =>
      createCipheriv(bytes.length === 16 ? 'aes-128-ctr' : 'aes-256-ctr', bytes, counter),
    );
    data.set(cipher.update(data));
  },

  aesGcm: {
    seal(key, { nonce, aad, plaintext }, into) {
      const cipher = key.use((bytes) => createCipheriv(gcm(bytes), bytes, placed(nonce)));
      cipher.setAAD(aad);
      into.set(cipher.update(plaintext));
      cipher.final();
      into.set(cipher.getAuthTag(), plaintext.length);
    },

    open(key, { nonce, aad, sealed }, into) {
      const length = sealed.length - TAG_BYTES;
      if (length < 0) throw openFailed();
      const decipher = key.use((bytes) => createDecipheriv(gcm(bytes), bytes, placed(nonce)));
      decipher.setAAD(aad);
      decipher.setAuthTag(sealed.subarray(length));
      const plaintext = decipher.update(sealed.subarray(0, length));
      try {
        decipher.final();
        into.set(plaintext);
      } catch (cause) {
        throw openFailed(cause);
      } finally {
        plaintext.fill(0);
      }
    },
  },

  aesCfb: {
    encrypt: (key, block, plaintext) =>
      key.use((bytes) => owned(createCipheriv(cfb(bytes), bytes, block).update(plaintext))),
    decrypt: (key, block, ciphertext) =>
      key.use((bytes) => owned(createDecipheriv(cfb(bytes), bytes, block).update(ciphertext))),
  },

  hmac(hash, key, ...parts) {
    const short = hash === 'SHA-1' ? shortHmac(key, parts) : null;
    if (short !== null) return short;
    const hmac = key.use((bytes) => createHmac(HASHES[hash], bytes));
    for (const part of parts) hmac.update(part);
    return owned(hmac.digest());
  },
};

function gcm(key: Uint8Array): 'aes-128-gcm' | 'aes-256-gcm' {
  return key.length === 16 ? 'aes-128-gcm' : 'aes-256-gcm';
}

/** The platform would first give so small an array memory of its own, which takes longer than all else about a nonce. */
function placed(bytes: Uint8Array): Uint8Array {
  if (bytes.length !== nonce.length) throw new BugFault('a nonce of AES-GCM has 12 bytes');
  nonce.set(bytes);
  return nonce;
}

function cfb(key: Uint8Array): 'aes-128-cfb' | 'aes-256-cfb' {
  return key.length === 16 ? 'aes-128-cfb' : 'aes-256-cfb';
}

/** Small buffers of the platform share their memory with others. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

const HASHES: Readonly<Record<PacketHash, string>> = {
  'SHA-1': 'sha1',
  'SHA-256': 'sha256',
  'SHA-384': 'sha384',
  'SHA-512': 'sha512',
};
const TAG_BYTES = 16;
/** For one call at a time, as there is never more than one. */
const nonce = new Uint8Array(new ArrayBuffer(12));
