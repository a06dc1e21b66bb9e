import { parseHex } from '@sotto/bytes';
import { fingerprintDigits } from '@sotto/keybox';
import { type Address, isAddress, ProtocolPeerFault, parseAddress } from '@sotto/protocol';
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

/**
 * What the person said to verify a contact by: a fingerprint, or the 60 digits of a business card, which stand for the
 * contact's own if they match. Throws `usage`, `identity-conflict`.
 */
export function spokenFingerprint(word: string, known: string | null): Uint8Array {
  const digits = word.replaceAll(/[\s-]/g, '');
  if (!/^[0-9]{60}$/.test(digits)) return fingerprintOf(word);
  if (known === null) return new Uint8Array(32);
  const own = parseHex(known);
  if (fingerprintDigits(own).replaceAll(' ', '') === digits) return own;
  throw new ProtocolPeerFault('identity-conflict', 'the digits are not those of the identity that is known here');
}
