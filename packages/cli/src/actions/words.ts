import { parseHex } from '@sotto/bytes';
import { type Address, isAddress, parseAddress } from '@sotto/protocol';
import { CliFault } from '../fault.ts';

/** Throws `address-malformed`. */
export function addressOf(word: string): Address {
  return parseAddress(word);
}

/** True for a word that can only mean an address, though it may be written with capitals. */
export function isAddressWord(word: string): boolean {
  return isAddress(word.trim().toLowerCase());
}

/** A fingerprint of 64 hexadecimal digits, in any case and grouping. Throws `usage`. */
export function fingerprintOf(word: string): Uint8Array {
  const digits = word.replaceAll(/[\s:-]/g, '').toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(digits)) throw new CliFault('usage', 'a fingerprint has 64 hexadecimal digits');
  return parseHex(digits);
}
