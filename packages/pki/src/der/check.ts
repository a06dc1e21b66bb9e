import { compare } from '@sotto/bytes';
import { MAX_DER_DEPTH, MAX_DER_ELEMENTS, MAX_OID_BYTES } from '../limits.ts';
import { malformed } from './fault.ts';
import * as tag from './tag.ts';

/** Where an element begins, where its content begins, and where it ends. */
export interface ElementBounds {
  readonly tag: number;
  readonly start: number;
  readonly contentStart: number;
  readonly end: number;
}

/**
 * Proves that `bytes` is exactly one DER element: definite minimal lengths, low tag numbers, depth at most 32, no
 * byte after it, and every universal value canonical. Time and memory are linear in the input. Throws `der-malformed`.
 * Source: X.690 sections 8 to 11.
 */
export function checkDer(bytes: Uint8Array): void {
  const budget = { elements: MAX_DER_ELEMENTS };
  const root = elementAt(bytes, 0, bytes.length);
  if (root.end !== bytes.length) throw malformed('bytes after the element', root.end);
  checkElement(bytes, root, { depth: 1, budget });
}

/** Reads the header of the element at `start`, which must end before `limit`. Throws `der-malformed`. */
export function elementAt(bytes: Uint8Array, start: number, limit: number): ElementBounds {
  const identifier = byteAt(bytes, start, limit);
  if ((identifier & 0x1f) === 0x1f) throw malformed('a high tag number', start);
  const first = byteAt(bytes, start + 1, limit);
  if (first < 0x80) return bounded({ tag: identifier, start, contentStart: start + 2, end: start + 2 + first }, limit);
  const octets = first & 0x7f;
  if (octets === 0 || octets > 4) throw malformed('an indefinite or oversized length', start);
  let length = 0;
  for (let i = 0; i < octets; i++) length = length * 256 + byteAt(bytes, start + 2 + i, limit);
  if (length < 0x80 || length < 256 ** (octets - 1)) throw malformed('a length that is not minimal', start);
  const contentStart = start + 2 + octets;
  return bounded({ tag: identifier, start, contentStart, end: contentStart + length }, limit);
}

interface Progress {
  readonly depth: number;
  readonly budget: { elements: number };
}

function checkElement(bytes: Uint8Array, element: ElementBounds, { depth, budget }: Progress): void {
  if (depth > MAX_DER_DEPTH) throw malformed('nested too deep', element.start);
  if (--budget.elements < 0) throw malformed('too many elements', element.start);
  if ((element.tag & 0x20) === 0) checkPrimitive(bytes, element);
  else checkConstructed(bytes, element, { depth, budget });
}

function checkConstructed(bytes: Uint8Array, element: ElementBounds, { depth, budget }: Progress): void {
  if ((element.tag & 0xc0) === 0 && element.tag !== tag.SEQUENCE && element.tag !== tag.SET) {
    throw malformed('a constructed string', element.start);
  }
  let previous: ElementBounds | null = null;
  for (let offset = element.contentStart; offset < element.end; ) {
    const child = elementAt(bytes, offset, element.end);
    if (element.tag === tag.SET && previous !== null) checkOrder(bytes, previous, child);
    checkElement(bytes, child, { depth: depth + 1, budget });
    previous = child;
    offset = child.end;
  }
}

/** Elements of a SET OF ascend (X.690 section 11.6). */
function checkOrder(bytes: Uint8Array, left: ElementBounds, right: ElementBounds): void {
  const order = compare(bytes.subarray(left.start, left.end), bytes.subarray(right.start, right.end));
  if (order > 0) throw malformed('a set out of order', right.start);
}

function checkPrimitive(bytes: Uint8Array, element: ElementBounds): void {
  if ((element.tag & 0xc0) !== 0) return;
  if (!isCanonical(element.tag, bytes.subarray(element.contentStart, element.end))) {
    throw malformed(`a value of type ${element.tag} that is not canonical`, element.start);
  }
}

function isCanonical(type: number, content: Uint8Array): boolean {
  switch (type) {
    case 0x00:
      return false;
    case 0x10:
    case 0x11:
      return false;
    case tag.BOOLEAN:
      return content.length === 1 && (content[0] === 0 || content[0] === 0xff);
    case tag.INTEGER:
      return isMinimalInteger(content);
    case tag.BIT_STRING:
      return isCanonicalBitString(content);
    case tag.NULL:
      return content.length === 0;
    case tag.OBJECT_IDENTIFIER:
      return isMinimalOid(content);
    default:
      return true;
  }
}

function isMinimalInteger(content: Uint8Array): boolean {
  const [first, second] = content;
  if (first === undefined) return false;
  if (second === undefined) return true;
  return !((first === 0 && second < 0x80) || (first === 0xff && second >= 0x80));
}

function isCanonicalBitString(content: Uint8Array): boolean {
  const unused = content[0];
  if (unused === undefined || unused > 7) return false;
  const last = content.length === 1 ? 0 : (content.at(-1) as number);
  return content.length === 1 ? unused === 0 : (last & ((1 << unused) - 1)) === 0;
}

function isMinimalOid(content: Uint8Array): boolean {
  if (content.length === 0 || content.length > MAX_OID_BYTES) return false;
  if ((content.at(-1) as number) >= 0x80) return false;
  return content.every((octet, i) => octet !== 0x80 || (i > 0 && (content[i - 1] as number) >= 0x80));
}

function bounded(element: ElementBounds, limit: number): ElementBounds {
  if (element.end > limit) throw malformed('truncated', element.start);
  return element;
}

function byteAt(bytes: Uint8Array, offset: number, limit: number): number {
  if (offset >= limit) throw malformed('truncated', offset);
  return bytes[offset] as number;
}
