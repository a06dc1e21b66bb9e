import { compare, concat, utf8 } from '@sotto/bytes';
import { encodeOid } from './oid.ts';
import * as tag from './tag.ts';
import { encodeTime } from './time.ts';

/** One DER element: identifier octet, minimal length, content. */
export function element(type: number, ...content: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return concat(Uint8Array.of(type), encodeLength(length), ...content);
}

export function sequence(...items: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(tag.SEQUENCE, ...items);
}

/** SET OF: the items ascend by their encodings (X.690 section 11.6). */
export function setOf(...items: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(tag.SET, ...items.toSorted(compare));
}

/** `[number] EXPLICIT`, or `[number] IMPLICIT` of a structure whose items are given. */
export function tagged(number: number, ...items: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  return element(tag.constructed(number), ...items);
}

/** `[number] IMPLICIT` of a primitive type whose content is given. */
export function taggedContent(number: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  return element(tag.implicit(number), content);
}

export function boolean(value: boolean): Uint8Array<ArrayBuffer> {
  return element(tag.BOOLEAN, Uint8Array.of(value ? 0xff : 0));
}

/** INTEGER from a number below 2^31 or from the big-endian magnitude of a positive one. */
export function integer(value: number | Uint8Array): Uint8Array<ArrayBuffer> {
  const magnitude = typeof value === 'number' ? magnitudeOf(value) : value;
  const firstUsed = magnitude.findIndex((octet) => octet !== 0);
  const used = firstUsed < 0 ? Uint8Array.of(0) : magnitude.subarray(firstUsed);
  return (used[0] as number) >= 0x80 ? element(tag.INTEGER, Uint8Array.of(0), used) : element(tag.INTEGER, used);
}

export function oid(dotted: string): Uint8Array<ArrayBuffer> {
  return element(tag.OBJECT_IDENTIFIER, encodeOid(dotted));
}

export function nullValue(): Uint8Array<ArrayBuffer> {
  return element(tag.NULL);
}

export function octetString(content: Uint8Array): Uint8Array<ArrayBuffer> {
  return element(tag.OCTET_STRING, content);
}

export function bitString(octets: Uint8Array, unusedBits = 0): Uint8Array<ArrayBuffer> {
  return element(tag.BIT_STRING, Uint8Array.of(unusedBits), octets);
}

export function utf8String(text: string): Uint8Array<ArrayBuffer> {
  return element(tag.UTF8_STRING, utf8(text));
}

export function ia5String(text: string): Uint8Array<ArrayBuffer> {
  return element(tag.IA5_STRING, utf8(text));
}

/** Time from milliseconds since the epoch, whole seconds. */
export function time(ms: number): Uint8Array<ArrayBuffer> {
  const { type, content } = encodeTime(ms);
  return element(type, content);
}

function magnitudeOf(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

function encodeLength(length: number): Uint8Array {
  if (length < 0x80) return Uint8Array.of(length);
  const octets = magnitudeOf(length);
  const used = octets.subarray(octets.findIndex((octet) => octet !== 0));
  return concat(Uint8Array.of(0x80 | used.length), used);
}
