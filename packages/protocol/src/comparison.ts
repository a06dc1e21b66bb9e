import { compare, hex, parseHex } from '@sotto/bytes';
import { taggedHash } from '@sotto/crypto';
import { type Address, isAddress } from './address.ts';
import { type PictureWords, pictureWords } from './comparison-words.ts';
import { ProtocolWireFault } from './fault.ts';

/** Somebody as one side of a comparison knows them. */
export interface ComparedIdentity {
  readonly address: Address;
  readonly fingerprint: Uint8Array;
}

/** What the code on somebody's screen says: who they are, and whom they take the other for. */
export interface ComparisonCode {
  readonly shownBy: ComparedIdentity;
  readonly shownTo: ComparedIdentity;
}

/** A fingerprint as 16 pictures: the first 96 bits of its hash under a label of its own, six for each. */
export function fingerprintPictures(fingerprint: Uint8Array): readonly PictureWords[] {
  const bytes = taggedHash('sotto/comparison/v1', fingerprint).subarray(0, 12);
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  return Array.from(
    { length: 16 },
    (_, i) => pictureWords[Number((bits >> BigInt(90 - 6 * i)) & 0x3fn)] as PictureWords,
  );
}

/**
 * A fingerprint as 60 decimal digits in twelve groups, for reading aloud: twelve 20-bit pieces of its first 240 bits,
 * each modulo 100,000.
 */
export function fingerprintDigits(fingerprint: Uint8Array): string {
  let bits = 0n;
  for (const byte of fingerprint.subarray(0, 30)) bits = (bits << 8n) | BigInt(byte);
  const groups: string[] = [];
  for (let i = 11; i >= 0; i--) {
    const piece = Number((bits >> BigInt(20 * i)) & 0xfffffn);
    groups.push(String(piece % 100_000).padStart(5, '0'));
  }
  return groups.join(' ');
}

/** Two identities in the order in which both sides show them: ascending by fingerprint. */
export function comparisonOrder<Side extends ComparedIdentity>(a: Side, b: Side): readonly [Side, Side] {
  return compare(a.fingerprint, b.fingerprint) <= 0 ? [a, b] : [b, a];
}

/** The 60-digit number of a pair, the same on both sides: of each the first six groups of its 60 digits, in order. */
export function comparisonDigits(a: ComparedIdentity, b: ComparedIdentity): string {
  return comparisonOrder(a, b)
    .map(({ fingerprint }) => fingerprintDigits(fingerprint).split(' ').slice(0, 6).join(' '))
    .join(' ');
}

export function formatComparison({ shownBy, shownTo }: ComparisonCode): string {
  const sides = [shownBy, shownTo].map(({ address, fingerprint }) => `${address}/${hex(fingerprint)}`);
  return `sotto:compare/1/${sides.join('/')}`;
}

/** Throws `comparison-malformed`, and `format-unsupported` for the code of a newer program. */
export function parseComparison(text: string): ComparisonCode {
  const version = VERSION.exec(text)?.[1];
  if (version === undefined) throw malformed();
  if (version !== '1') throw new ProtocolWireFault('format-unsupported', `a comparison code of version ${version}`);
  const [, ...parts] = CODE.exec(text) ?? [];
  const [by = '', byHex = '', to = '', toHex = ''] = parts;
  if (!isAddress(by) || !isAddress(to)) throw malformed();
  return {
    shownBy: { address: by, fingerprint: parseHex(byHex) },
    shownTo: { address: to, fingerprint: parseHex(toHex) },
  };
}

function malformed(): ProtocolWireFault {
  return new ProtocolWireFault('comparison-malformed', 'this is no code for comparing two people');
}

const VERSION = /^sotto:compare\/([1-9][0-9]{0,3})\//;
const CODE = /^sotto:compare\/1\/([^/]+)\/([0-9a-f]{64})\/([^/]+)\/([0-9a-f]{64})$/;
