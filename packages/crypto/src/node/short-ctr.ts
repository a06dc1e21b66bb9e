import { createCipheriv } from 'node:crypto';
import type { Secret } from '../secret.ts';

/**
 * AES in counter mode for packets, in place: the cipher is made once for each key, which takes longer than a packet itself.
 * False for what is too long for it, which is left as it was.
 */
export function shortCtr(key: Secret, counter: Uint8Array, data: Uint8Array): boolean {
  const count = Math.ceil(data.length / BLOCK);
  if (count > MOST_BLOCKS) return false;
  bytes.set(counter);
  const [a, b, c] = [words[0] as number, words[1] as number, words[2] as number];
  const first = view.getUint32(12);
  if (first + count > 0xffff_ffff) return false;
  for (let i = 0, at = 0; i < count; i++, at += 4) {
    words[at] = a;
    words[at + 1] = b;
    words[at + 2] = c;
    view.setUint32(at * 4 + 12, first + i);
  }
  const stream = key.once('aes-ecb', blockCipher).update(bytes.subarray(0, count * BLOCK));
  for (let i = 0; i < data.length; i++) data[i] = (data[i] as number) ^ (stream[i] as number);
  stream.fill(0);
  return true;
}

interface BlockCipher extends Disposable {
  update(blocks: Uint8Array): Uint8Array;
}

function blockCipher(key: Uint8Array): BlockCipher {
  const cipher = createCipheriv(key.length === 16 ? 'aes-128-ecb' : 'aes-256-ecb', key, null).setAutoPadding(false);
  return {
    update: (bytes) => cipher.update(bytes),
    // Frees the key schedule.
    [Symbol.dispose]: () => void cipher.final(),
  };
}

const BLOCK = 16;
/** 2 KiB; longer data is faster in one piece. */
const MOST_BLOCKS = 128;
/** One memory for the counters, since nothing else runs meanwhile. */
const bytes = new Uint8Array(MOST_BLOCKS * BLOCK);
const words = new Uint32Array(bytes.buffer);
const view = new DataView(bytes.buffer);
