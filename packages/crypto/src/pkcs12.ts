import { cbc } from '@noble/ciphers/aes.js';
import { _SHA256 } from '@noble/hashes/sha2.js';
import { BugFault, concat } from '@sotto/bytes';
import { checkKeyLength, openFailed } from './refusal.ts';
import { Secret } from './secret.ts';

/**
 * AES-256-CBC with PKCS#7 padding: inside PBES2 of a PKCS#12 file whose MAC was verified, and nowhere else. A failure
 * of `decrypt` is `open-failed`.
 */
export const pbes2Aes256Cbc: BlockCipher = {
  encrypt(key, iv, plaintext) {
    checkKeyLength(key, 32, 'AES-256 key');
    return key.use((bytes) => Uint8Array.from(cbc(bytes, iv).encrypt(plaintext)));
  },

  decrypt(key, iv, ciphertext) {
    checkKeyLength(key, 32, 'AES-256 key');
    try {
      return key.use((bytes) => Uint8Array.from(cbc(bytes, iv).decrypt(ciphertext)));
    } catch (cause) {
      throw openFailed(cause);
    }
  },
};

export interface BlockCipher {
  encrypt(key: Secret, iv: Uint8Array, plaintext: Uint8Array): Uint8Array<ArrayBuffer>;
  /** Throws `open-failed`. */
  decrypt(key: Secret, iv: Uint8Array, ciphertext: Uint8Array): Uint8Array<ArrayBuffer>;
}

export interface Pkcs12MacParameters {
  readonly salt: Uint8Array;
  readonly iterations: number;
}

/**
 * The MAC key of a PKCS#12 file: its own KDF with SHA-256 and id 3, 32 bytes. `password` is a BMPString with its two
 * final zero octets. Source: RFC 7292 appendix B.2.
 */
export function pkcs12MacKey(password: Secret, { salt, iterations }: Pkcs12MacParameters): Secret {
  if (!Number.isSafeInteger(iterations) || iterations < 1) throw new BugFault(`${iterations} iterations`);
  const diversifier = new Uint8Array(BLOCK_BYTES).fill(MAC_ID);
  const hash = new IteratedSha256();
  password.use((bytes) => {
    const repeated = repeat(bytes);
    hash.update(concat(diversifier, repeat(salt), repeated));
    repeated.fill(0);
  });
  return hash.iterate(iterations);
}

/** SHA-256 applied to its own digest again and again, without the copies that whole hashes would make. */
class IteratedSha256 extends _SHA256 {
  readonly #initial = this.get();

  /** The digest of what was absorbed, hashed until `iterations` hashes were made in all. */
  iterate(iterations: number): Secret {
    const block = new Uint8Array(BLOCK_BYTES);
    this.digestInto(block.subarray(0, DIGEST_BYTES));
    const view = new DataView(block.buffer);
    view.setUint8(DIGEST_BYTES, 0x80);
    view.setUint32(BLOCK_BYTES - 4, DIGEST_BYTES * 8);
    for (let i = 1; i < iterations; i++) {
      this.set(...this.#initial);
      this.process(view, 0);
      const state = this.get();
      for (let word = 0; word < state.length; word++) view.setUint32(4 * word, state[word] as number);
    }
    const digest = new Secret(block.subarray(0, DIGEST_BYTES));
    block.fill(0);
    this.destroy();
    this.roundClean();
    return digest;
  }
}

/** Copies up to the next multiple of a hash block; nothing stays nothing. */
function repeat(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const repeated = new Uint8Array(Math.ceil(bytes.length / BLOCK_BYTES) * BLOCK_BYTES);
  for (let i = 0; i < repeated.length; i++) repeated[i] = bytes[i % bytes.length] as number;
  return repeated;
}

const MAC_ID = 3;
const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
