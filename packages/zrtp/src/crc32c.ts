/** CRC-32C (RFC 4960 appendix B, which RFC 6189 section 5 names), as the four bytes that end a packet. */
export function crc32c(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  let crc = 0xffff_ffff;
  for (const byte of bytes) crc = (crc >>> 8) ^ (TABLE[(crc ^ byte) & 0xff] as number);
  const sum = ~crc >>> 0;
  return Uint8Array.of(sum & 0xff, (sum >>> 8) & 0xff, (sum >>> 16) & 0xff, sum >>> 24);
}

const POLYNOMIAL = 0x82f6_3b78;

const TABLE: readonly number[] = Array.from({ length: 256 }, (_, n) => {
  let value = n;
  for (let bit = 0; bit < 8; bit++) value = (value & 1) === 0 ? value >>> 1 : (value >>> 1) ^ POLYNOMIAL;
  return value >>> 0;
});
