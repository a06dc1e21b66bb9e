import { concat } from '@sotto/bytes';
import { ProtocolWireFault } from './fault.ts';
import { MIN_PADDED_BYTES } from './limits.ts';

/**
 * Padmé (Nikitin et al., "Reducing Metadata Leakage from Encrypted Files", PETS 2019): the length rounded up so that
 * it leaks O(log log n) bits, at most 12 % more.
 */
export function padme(length: number): number {
  if (length < 2) return length;
  const exponent = Math.floor(Math.log2(length));
  const zeroBits = exponent - (Math.floor(Math.log2(exponent)) + 1);
  const unit = 2 ** Math.max(zeroBits, 0);
  return Math.ceil(length / unit) * unit;
}

/** u32 length | content | zeros, in all max(256, Padmé) bytes. */
export function pad(content: Uint8Array): Uint8Array<ArrayBuffer> {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, content.length);
  const padded = Math.max(MIN_PADDED_BYTES, padme(content.length + 4));
  return concat(length, content, new Uint8Array(padded - content.length - 4));
}

/** Takes the padding off again; throws `format-malformed` unless `pad` made exactly these bytes. */
export function unpad(padded: Uint8Array): Uint8Array<ArrayBuffer> {
  if (padded.length < MIN_PADDED_BYTES) throw malformed();
  const length = new DataView(padded.buffer, padded.byteOffset, padded.byteLength).getUint32(0);
  if (Math.max(MIN_PADDED_BYTES, padme(length + 4)) !== padded.length) throw malformed();
  if (padded.subarray(4 + length).some((byte) => byte !== 0)) throw malformed();
  return padded.slice(4, 4 + length);
}

function malformed(): ProtocolWireFault {
  return new ProtocolWireFault('format-malformed', 'malformed padding');
}
