import { hmac } from '@noble/hashes/hmac.js';
import { sha1 } from '@noble/hashes/legacy.js';
import type { Secret } from '../secret.ts';

/** HMAC-SHA-1 of a packet: the key is taken in once, and for a few hundred bytes the platform's way there is the longer one. */
export function packetHmac(key: Secret, parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const { keyed, scratch } = key.once('hmac-sha-1', keyedHmac);
  const mac = keyed._cloneInto(scratch);
  for (const part of parts) mac.update(part);
  return mac.digest() as Uint8Array<ArrayBuffer>;
}

function keyedHmac(key: Uint8Array) {
  const make = () => hmac.create(sha1, key);
  const [keyed, scratch] = [make(), make()];
  return {
    keyed,
    scratch,
    [Symbol.dispose]() {
      keyed.destroy();
      scratch.destroy();
    },
  };
}
