import { WireFault } from './fault.ts';

export type TextCode = 'text-malformed';

/** Encodes text as UTF-8; a lone surrogate, which has no encoding, becomes U+FFFD. */
export function utf8(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text) as Uint8Array<ArrayBuffer>;
}

/** Decodes UTF-8. Throws `text-malformed` for anything that is not well-formed; a byte-order mark is kept. */
export function parseUtf8(bytes: Uint8Array): string {
  try {
    return decoder.decode(bytes);
  } catch (cause) {
    throw new WireFault<TextCode>('text-malformed', 'not well-formed UTF-8', { cause });
  }
}

/** Encodes bytes as lower-case hexadecimal. */
export function hex(bytes: Uint8Array): string {
  let text = '';
  for (const byte of bytes) text += byte.toString(16).padStart(2, '0');
  return text;
}

/** Decodes lower-case hexadecimal. Throws `text-malformed`. */
export function parseHex(text: string): Uint8Array<ArrayBuffer> {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) throw malformed('lower-case hexadecimal');
  return Uint8Array.from({ length: text.length / 2 }, (_, i) => Number.parseInt(text.slice(2 * i, 2 * i + 2), 16));
}

/** Encodes bytes as base64url without padding (RFC 4648 section 5). */
export function base64url(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** Decodes base64url without padding; only the canonical encoding passes. Throws `text-malformed`. */
export function parseBase64url(text: string): Uint8Array<ArrayBuffer> {
  if (!/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw malformed('base64url');
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  if (base64url(bytes) !== text) throw malformed('canonical base64url');
  return bytes;
}

/** Encodes bytes in Crockford's base 32, upper case, the last character padded with zero bits. */
export function crockford32(bytes: Uint8Array): string {
  let text = '';
  let buffer = 0;
  let bits = 0;
  for (const byte of bytes) {
    buffer = (buffer << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += CROCKFORD[(buffer >>> bits) & 31];
    }
    buffer &= 0xff;
  }
  return bits === 0 ? text : text + CROCKFORD[(buffer << (5 - bits)) & 31];
}

/**
 * Decodes Crockford's base 32 as a person may type it: any case, hyphens and spaces, O for 0, I and L for 1.
 * Throws `text-malformed`.
 */
export function parseCrockford32(text: string): Uint8Array<ArrayBuffer> {
  // Letters beyond ASCII may not become valid ones by upper case, as a dotless i would.
  if (!/^[0-9A-Za-z\s-]*$/.test(text)) throw malformed('base 32');
  const symbols = text.toUpperCase().replaceAll(/[-\s]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const bytes = new Uint8Array(Math.floor((symbols.length * 5) / 8));
  let buffer = 0;
  let bits = 0;
  let offset = 0;
  for (const symbol of symbols) {
    const value = CROCKFORD.indexOf(symbol);
    if (value < 0) throw malformed('base 32');
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = (buffer >>> bits) & 0xff;
    }
  }
  if (crockford32(bytes) !== symbols) throw malformed('canonical base 32');
  return bytes;
}

function malformed(what: string): WireFault<TextCode> {
  return new WireFault('text-malformed', `not ${what}`);
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
