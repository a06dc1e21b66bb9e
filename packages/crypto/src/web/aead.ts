import type { Aead, AeadInput } from '../ports.ts';
import { checkAeadInput, openFailed } from '../refusal.ts';
import { bytesOf, source } from './bytes.ts';

export const aes256Gcm: Aead = {
  async seal(input, plaintext) {
    checkAeadInput(input);
    return bytesOf(await crypto.subtle.encrypt(algorithm(input), await importKey(input, 'encrypt'), source(plaintext)));
  },

  async open(input, sealed) {
    checkAeadInput(input);
    if (sealed.length < TAG_BYTES) throw openFailed();
    const key = await importKey(input, 'decrypt');
    try {
      return bytesOf(await crypto.subtle.decrypt(algorithm(input), key, source(sealed)));
    } catch (cause) {
      throw openFailed(cause);
    }
  },
};

function importKey({ key }: AeadInput, usage: 'encrypt' | 'decrypt'): Promise<CryptoKey> {
  return key.use((bytes) => crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, [usage]));
}

function algorithm({ nonce, aad }: AeadInput) {
  return { name: 'AES-GCM', iv: source(nonce), additionalData: source(aad), tagLength: 8 * TAG_BYTES };
}

const TAG_BYTES = 16;
