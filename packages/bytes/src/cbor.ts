import { CborReader, malformed } from './cbor-reader.ts';
import type { CborCode, CborValue } from './cbor-value.ts';
import { CborWriter } from './cbor-writer.ts';
import { WireFault } from './fault.ts';
import { MAX_CBOR_BYTES } from './limits.ts';

/**
 * Encodes deterministically (RFC 8949 section 4.2.1): shortest lengths, map keys in bytewise
 * order of their encoding. Throws `bug` for what the subset does not have.
 */
export function encodeCbor(value: CborValue): Uint8Array<ArrayBuffer> {
  const writer = new CborWriter();
  writer.value(value, 0);
  return writer.finish();
}

/**
 * Decodes exactly one item that `encodeCbor` could have made; every other input is refused.
 * Throws `cbor-malformed`, `cbor-not-deterministic` or `cbor-too-large`.
 */
export function decodeCbor(bytes: Uint8Array, maxBytes: number = MAX_CBOR_BYTES): CborValue {
  if (bytes.length > maxBytes) {
    throw new WireFault<CborCode>('cbor-too-large', `CBOR item of ${bytes.length} bytes, at most ${maxBytes}`);
  }
  const reader = new CborReader(bytes);
  const value = reader.value(0);
  if (reader.offset !== bytes.length) throw malformed('bytes after the item');
  return value;
}
