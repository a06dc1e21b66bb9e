import { utf8 } from '@sotto/bytes';
import { type Primitives, sha256 } from '@sotto/crypto';

/** Bytes that follow from `seed` alone: SHA-256 in counter mode. For `nodePrimitives` and `webPrimitives` in tests. */
export function seededRandom(seed: string): Primitives['randomBytes'] {
  let block = 0;
  return (length) => {
    const bytes = new Uint8Array(length);
    for (let offset = 0; offset < length; offset += 32) {
      bytes.set(sha256(utf8(`${seed} ${block++}`)).subarray(0, Math.min(32, length - offset)), offset);
    }
    return bytes;
  };
}
