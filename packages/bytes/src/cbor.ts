import { compare, concat, concatAll } from './bytes.ts';
import { BugFault, WireFault } from './fault.ts';
import { MAX_CBOR_BYTES, MAX_CBOR_DEPTH } from './limits.ts';
import { parseUtf8, utf8 } from './text.ts';

/**
 * What our formats are made of: a subset of CBOR (RFC 8949). Integers lie within ±(2^53 - 1), map keys are text,
 * there are no floats, tags, undefined or indefinite lengths.
 */
export type CborValue = null | boolean | number | string | Uint8Array | readonly CborValue[] | CborMap;
export interface CborMap {
  readonly [key: string]: CborValue;
}

export type CborCode = 'cbor-malformed' | 'cbor-not-deterministic' | 'cbor-too-large';

/**
 * Encodes deterministically (RFC 8949 section 4.2.1): shortest lengths, map keys in bytewise
 * order of their encoding. Throws `bug` for what the subset does not have.
 */
export function encodeCbor(value: CborValue): Uint8Array<ArrayBuffer> {
  const parts: Uint8Array[] = [];
  encodeInto(parts, value, 0);
  return concatAll(parts);
}

/**
 * Decodes exactly one item that `encodeCbor` could have made; every other input is refused.
 * Throws `cbor-malformed`, `cbor-not-deterministic` or `cbor-too-large`.
 */
export function decodeCbor(bytes: Uint8Array, maxBytes: number = MAX_CBOR_BYTES): CborValue {
  if (bytes.length > maxBytes) {
    throw new WireFault<CborCode>('cbor-too-large', `CBOR item of ${bytes.length} bytes, at most ${maxBytes}`);
  }
  const reader = new Reader(bytes);
  const value = reader.value(0);
  if (reader.offset !== bytes.length) throw malformed('bytes after the item');
  return value;
}

function encodeInto(parts: Uint8Array[], value: CborValue, depth: number): void {
  if (depth > MAX_CBOR_DEPTH) throw new BugFault('CBOR value nested too deeply');
  if (value === null) parts.push(Uint8Array.of(0xf6));
  else if (typeof value === 'boolean') parts.push(Uint8Array.of(value ? 0xf5 : 0xf4));
  else if (typeof value === 'number') parts.push(encodeInteger(value));
  else if (typeof value === 'string') parts.push(encodeText(value));
  else if (value instanceof Uint8Array) parts.push(encodeHead(2, value.length), value);
  else if (Array.isArray(value)) {
    parts.push(encodeHead(4, value.length));
    for (const item of value) encodeInto(parts, item, depth + 1);
  } else if (isPlainObject(value)) encodeMap(parts, value, depth);
  else throw new BugFault('a value that no format has');
}

/** Objects with a class of their own are refused: their fields, a secret's above all, would be left out silently. */
function isPlainObject(value: unknown): value is CborMap {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

function encodeMap(parts: Uint8Array[], map: CborMap, depth: number): void {
  const entries = Object.entries(map).map(([key, value]) => {
    if (key === '__proto__') throw new BugFault('a map key that no format has');
    return { key: encodeText(key), value };
  });
  entries.sort((left, right) => compare(left.key, right.key));
  parts.push(encodeHead(5, entries.length));
  for (const { key, value } of entries) {
    parts.push(key);
    encodeInto(parts, value, depth + 1);
  }
}

function encodeText(value: string): Uint8Array {
  if (!value.isWellFormed()) throw new BugFault('text with a lone surrogate');
  const text = utf8(value);
  return concat(encodeHead(3, text.length), text);
}

function encodeInteger(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new BugFault('only safe integers are encoded');
  return value >= 0 ? encodeHead(0, value) : encodeHead(1, -1 - value);
}

function encodeHead(major: number, argument: number): Uint8Array {
  const type = major << 5;
  if (argument < 24) return Uint8Array.of(type | argument);
  if (argument < 2 ** 8) return Uint8Array.of(type | 24, argument);
  const head = new Uint8Array(argument < 2 ** 16 ? 3 : argument < 2 ** 32 ? 5 : 9);
  const view = new DataView(head.buffer);
  head[0] = type | (head.length === 3 ? 25 : head.length === 5 ? 26 : 27);
  if (head.length === 3) view.setUint16(1, argument);
  else if (head.length === 5) view.setUint32(1, argument);
  else view.setBigUint64(1, BigInt(argument));
  return head;
}

class Reader {
  offset = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  value(depth: number): CborValue {
    if (depth > MAX_CBOR_DEPTH) throw malformed('nested too deeply');
    const initial = this.byte();
    const major = initial >> 5;
    if (major === 7) return simpleValue(initial);
    if (major === 6) throw malformed('a tag');
    const argument = this.argument(initial & 31);
    switch (major) {
      case 0:
        return argument;
      case 1:
        if (argument === Number.MAX_SAFE_INTEGER) throw malformed('an integer out of range');
        return -1 - argument;
      case 2:
        // A copy whatever the input is: `slice` of a Node Buffer would share its memory.
        return new Uint8Array(this.take(argument));
      case 3:
        return this.text(argument);
      case 4:
        return this.array(argument, depth);
      default:
        return this.map(argument, depth);
    }
  }

  private array(length: number, depth: number): CborValue[] {
    if (length > this.remaining) throw malformed('truncated');
    const items: CborValue[] = [];
    for (let i = 0; i < length; i++) items.push(this.value(depth + 1));
    return items;
  }

  private map(length: number, depth: number): CborMap {
    if (2 * length > this.remaining) throw malformed('truncated');
    const map: Record<string, CborValue> = {};
    let previous: Uint8Array | null = null;
    for (let i = 0; i < length; i++) {
      const start = this.offset;
      const initial = this.byte();
      if (initial >> 5 !== 3) throw malformed('a map key that is not text');
      const key = this.text(this.argument(initial & 31));
      const encoded = this.bytes.subarray(start, this.offset);
      if (previous !== null && compare(previous, encoded) >= 0) {
        throw new WireFault<CborCode>('cbor-not-deterministic', 'map keys out of order or doubled');
      }
      if (key === '__proto__') throw malformed('a map key that no format has');
      previous = encoded;
      map[key] = this.value(depth + 1);
    }
    return map;
  }

  private text(length: number): string {
    try {
      return parseUtf8(this.take(length));
    } catch (cause) {
      throw cause instanceof WireFault && cause.code === 'text-malformed' ? malformed('text that is not UTF-8') : cause;
    }
  }

  private argument(information: number): number {
    if (information < 24) return information;
    if (information > 27) throw malformed('an indefinite or reserved length');
    const size = 1 << (information - 24);
    const head = this.take(size);
    const at = this.offset - size;
    const argument =
      size === 1
        ? (head[0] as number)
        : size === 2
          ? this.view.getUint16(at)
          : size === 4
            ? this.view.getUint32(at)
            : Number(this.view.getBigUint64(at));
    const least = [24, 2 ** 8, 2 ** 16, 2 ** 32][information - 24] as number;
    if (argument < least)
      throw new WireFault<CborCode>('cbor-not-deterministic', 'an argument not in its shortest form');
    if (argument > Number.MAX_SAFE_INTEGER) throw malformed('an integer out of range');
    return argument;
  }

  private byte(): number {
    return this.take(1)[0] as number;
  }

  private take(length: number): Uint8Array {
    if (length > this.remaining) throw malformed('truncated');
    this.offset += length;
    return this.bytes.subarray(this.offset - length, this.offset);
  }

  private get remaining(): number {
    return this.bytes.length - this.offset;
  }
}

function simpleValue(initial: number): null | boolean {
  if (initial === 0xf4) return false;
  if (initial === 0xf5) return true;
  if (initial === 0xf6) return null;
  throw malformed('a float, undefined or a simple value');
}

function malformed(what: string): WireFault<CborCode> {
  return new WireFault('cbor-malformed', `CBOR: ${what}`);
}
