import { parseHex } from '@sotto/bytes';
import { fingerprintDigits, type KeyBox, KeyboxUsageFault } from '@sotto/keybox';
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

/** The whole id of a message from 8 or more of its first digits. Throws `usage`, `not-found`, `ambiguous`. */
export async function messageIdOf(box: KeyBox, room: string, word: string): Promise<string> {
  return wholeId(word, async () => (await box.listMessages(room)).map(({ id }) => id));
}

/** The whole id of something in the outbox. */
export async function outboxIdOf(box: KeyBox, word: string): Promise<string> {
  return wholeId(word, async () => (await box.listOutbox()).map(({ id }) => id));
}

/** The whole id of a transfer. */
export async function transferIdOf(box: KeyBox, word: string): Promise<string> {
  return wholeId(word, async () => (await box.files.transfers()).map(({ id }) => id));
}

async function wholeId(word: string, list: () => Promise<readonly string[]>): Promise<string> {
  const digits = word.toLowerCase();
  if (!/^[0-9a-f]{8,32}$/.test(digits))
    throw new CliFault('usage', 'an id has 32 hexadecimal digits, or the first 8 or more');
  if (digits.length === 32) return digits;
  const [found, ...more] = (await list()).filter((id) => id.startsWith(digits));
  if (found === undefined) throw new KeyboxUsageFault('not-found', `no id begins with ${digits}`);
  if (more.length > 0) throw new KeyboxUsageFault('ambiguous', `${more.length + 1} ids begin with ${digits}`);
  return found;
}
