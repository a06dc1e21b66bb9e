import { hash } from 'node:crypto';
import type { Secret } from '../secret.ts';

/**
 * HMAC-SHA-1 of a packet as two hashes in one step each, behind pads that are made once for each key: to make an HMAC of
 * the platform takes longer than a packet itself. Null for what is too long for it.
 */
export function shortHmac(key: Secret, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> | null {
  if (key.length > BLOCK) return null;
  const { inner, outer } = key.once('hmac-sha-1', paddedKey);
  let end = BLOCK;
  for (const part of parts) {
    if (end + part.length > inner.length) return null;
    inner.set(part, end);
    end += part.length;
  }
  // As text of a character for each byte, which is what the platform hands over fastest.
  write(hash('sha1', inner.subarray(0, end), 'latin1'), outer, BLOCK);
  const mac = new Uint8Array(HASH);
  write(hash('sha1', outer, 'latin1'), mac, 0);
  return mac;
}

function write(text: string, into: Uint8Array, at: number): void {
  for (let i = 0; i < HASH; i++) into[at + i] = text.charCodeAt(i);
}

/** RFC 2104: the key within a block of each pad, and room behind it for what is hashed. */
function paddedKey(key: Uint8Array) {
  const [inner, outer] = [new Uint8Array(BLOCK + MOST_BYTES), new Uint8Array(BLOCK + HASH)];
  for (let i = 0; i < BLOCK; i++) {
    inner[i] = (key[i] ?? 0) ^ 0x36;
    outer[i] = (key[i] ?? 0) ^ 0x5c;
  }
  return {
    inner,
    outer,
    [Symbol.dispose]() {
      inner.fill(0);
      outer.fill(0);
    },
  };
}

const BLOCK = 64;
const HASH = 20;
const MOST_BYTES = 2048;
