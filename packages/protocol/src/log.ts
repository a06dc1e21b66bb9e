import { taggedHash } from '@sotto/crypto';

/**
 * The hash of a room's log after position `n`: H_0 is the room id, H_n covers H_(n-1), n as u64 and the SHA-256 of
 * the entry's signed bytes. 32 bytes.
 */
export function logHash(previous: Uint8Array, n: number, signedHash: Uint8Array): Uint8Array<ArrayBuffer> {
  const position = new Uint8Array(8);
  new DataView(position.buffer).setBigUint64(0, BigInt(n));
  return taggedHash('sotto/log/v1', previous, position, signedHash);
}
