import { createCipheriv, createDecipheriv } from 'node:crypto';
import { release } from '@sotto/bytes';
import type { Aead, AeadInput } from '../ports.ts';
import { checkAeadInput, openFailed } from '../refusal.ts';

export const aes256Gcm: Aead = {
  async seal(input: AeadInput, plaintext: Uint8Array) {
    checkAeadInput(input);
    const cipher = input.key.use((key) => createCipheriv('aes-256-gcm', key, input.nonce));
    cipher.setAAD(input.aad);
    const sealed = new Uint8Array(plaintext.length + TAG_BYTES);
    const part = cipher.update(plaintext);
    sealed.set(part);
    release(part);
    cipher.final();
    sealed.set(cipher.getAuthTag(), plaintext.length);
    return sealed;
  },

  async open(input: AeadInput, sealed: Uint8Array) {
    checkAeadInput(input);
    const length = sealed.length - TAG_BYTES;
    if (length < 0) throw openFailed();
    const decipher = input.key.use((key) => createDecipheriv('aes-256-gcm', key, input.nonce));
    decipher.setAAD(input.aad);
    decipher.setAuthTag(sealed.subarray(length));
    const part = decipher.update(sealed.subarray(0, length));
    const plaintext = new Uint8Array(part);
    release(part);
    try {
      decipher.final();
    } catch (cause) {
      plaintext.fill(0);
      throw openFailed(cause);
    }
    return plaintext;
  },
};

const TAG_BYTES = 16;
