import { hex, parseHex } from '@sotto/bytes';
import { type Address, isAddress } from './address.ts';
import { ProtocolWireFault } from './fault.ts';

/** What one hands to somebody who is to add one as a contact. */
export interface BusinessCard {
  readonly address: Address;
  /** Null on a card that names the address alone. */
  readonly fingerprint: Uint8Array | null;
}

/** `ORIGIN/card#ADDRESS/FINGERPRINT`: a browser that follows it asks `origin` for the web client, and sends nothing of the card. */
export function formatCardLink(
  { address, fingerprint }: BusinessCard & { readonly fingerprint: Uint8Array },
  origin: string,
): string {
  return `${origin}/card#${address}/${hex(fingerprint)}`;
}

/** Reads a card link, a vCard or a plain address, as somebody may paste or scan it. Throws `card-malformed`. */
export function parseCard(text: string): BusinessCard {
  const trimmed = text.trim();
  if (trimmed.length > MAX_CARD_CHARACTERS) throw malformed('it is too long for a business card');
  if (/^BEGIN:VCARD\r?$/im.test(trimmed)) return parseVcard(trimmed);
  const link = LINK.exec(trimmed);
  return link === null ? cardOf(trimmed, null) : cardOf(link[1] ?? '', link[2] ?? null);
}

function parseVcard(text: string): BusinessCard {
  const lines = text.split(/\r?\n/);
  const fingerprint = only(lines, /^X-SOTTO-FINGERPRINT:(.*)$/i);
  const address = only(lines, /^IMPP:sotto:(.*)$/i);
  if (address === null) throw malformed('the vCard names no address of Sotto');
  return cardOf(address, fingerprint);
}

function only(lines: readonly string[], property: RegExp): string | null {
  const [found, ...more] = lines.map((line) => property.exec(line)?.[1]).filter((value) => value !== undefined);
  if (more.length > 0) throw malformed('the vCard is of more than one person');
  return found ?? null;
}

function cardOf(written: string, fingerprint: string | null): BusinessCard {
  const address = written.trim().toLowerCase();
  if (!isAddress(address)) throw malformed('a business card is a link, a vCard or an address like name@example.org');
  if (fingerprint === null) return { address, fingerprint: null };
  if (!/^[0-9a-f]{64}$/.test(fingerprint)) throw malformed('the fingerprint of the card is not 64 hexadecimal digits');
  return { address, fingerprint: parseHex(fingerprint) };
}

function malformed(what: string): ProtocolWireFault {
  return new ProtocolWireFault('card-malformed', what);
}

const LINK = /^https?:\/\/[a-z0-9.:[\]-]+\/card#([^/]*)\/(.*)$/;
/** A vCard may carry much that is not read here. */
const MAX_CARD_CHARACTERS = 65_536;
