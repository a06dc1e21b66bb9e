import { compare } from './bytes.ts';
import type { CborMap, CborValue } from './cbor-value.ts';
import { BugFault } from './fault.ts';
import { MAX_CBOR_DEPTH } from './limits.ts';
import { utf8 } from './text.ts';

/** Writes items one behind the other. */
export class CborWriter {
  private bytes = new Uint8Array(FIRST_BYTES);
  private length = 0;

  value(value: CborValue, depth: number): void {
    if (depth > MAX_CBOR_DEPTH) throw new BugFault('CBOR value nested too deeply');
    if (value === null) this.byte(0xf6);
    else if (typeof value === 'boolean') this.byte(value ? 0xf5 : 0xf4);
    else if (typeof value === 'number') this.integer(value);
    else if (typeof value === 'string') this.text(value);
    else if (value instanceof Uint8Array) this.byteString(value);
    else if (Array.isArray(value)) {
      this.head(4, value.length);
      for (const item of value) this.value(item, depth + 1);
    } else if (isPlainObject(value)) this.map(value, depth);
    else throw new BugFault('a value that no format has');
  }

  /** What was written; of the writer's own copies nothing is left, since it may be secret. */
  finish(): Uint8Array<ArrayBuffer> {
    const written = this.bytes.slice(0, this.length);
    this.bytes.fill(0);
    return written;
  }

  private map(map: CborMap, depth: number): void {
    const keys = Object.keys(map);
    this.head(5, keys.length);
    for (const key of sorted(keys)) {
      if (key === '__proto__') throw new BugFault('a map key that no format has');
      this.text(key);
      this.value(map[key] as CborValue, depth + 1);
    }
  }

  private integer(value: number): void {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) throw new BugFault('only safe integers are encoded');
    if (value >= 0) this.head(0, value);
    else this.head(1, -1 - value);
  }

  private byteString(value: Uint8Array): void {
    this.head(2, value.length);
    this.put(value);
  }

  private text(value: string): void {
    if (isShortAscii(value)) {
      this.head(3, value.length);
      this.reserve(value.length);
      for (let i = 0; i < value.length; i++) this.bytes[this.length++] = value.charCodeAt(i);
      return;
    }
    if (!value.isWellFormed()) throw new BugFault('text with a lone surrogate');
    const text = utf8(value);
    this.head(3, text.length);
    this.put(text);
  }

  private head(major: number, argument: number): void {
    const type = major << 5;
    if (argument < 24) {
      this.byte(type | argument);
      return;
    }
    const size = argument < 2 ** 8 ? 1 : argument < 2 ** 16 ? 2 : argument < 2 ** 32 ? 4 : 8;
    this.byte(type | (24 + Math.log2(size)));
    this.reserve(size);
    for (let shift = size - 1; shift >= 0; shift--) {
      this.bytes[this.length++] = Math.floor(argument / 2 ** (8 * shift)) & 0xff;
    }
  }

  private byte(byte: number): void {
    this.reserve(1);
    this.bytes[this.length++] = byte;
  }

  private put(bytes: Uint8Array): void {
    this.reserve(bytes.length);
    this.bytes.set(bytes, this.length);
    this.length += bytes.length;
  }

  private reserve(more: number): void {
    const needed = this.length + more;
    if (needed <= this.bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, 2 * this.bytes.length));
    grown.set(this.bytes.subarray(0, this.length));
    this.bytes.fill(0);
    this.bytes = grown;
  }
}

/** In the bytewise order of their encoding: shorter ones first. */
function sorted(keys: readonly string[]): readonly string[] {
  if (keys.every(isShortAscii)) {
    return keys.toSorted((left, right) => left.length - right.length || (left < right ? -1 : 1));
  }
  const texts = keys.map((key) => ({ key, text: utf8(key) }));
  texts.sort(({ text: left }, { text: right }) => left.length - right.length || compare(left, right));
  return texts.map(({ key }) => key);
}

/** The names of members, most of all: the encoder of whole texts is made for pages. */
function isShortAscii(text: string): boolean {
  if (text.length > SHORT_TEXT) return false;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) >= 0x80) return false;
  return true;
}

/** Objects with a class of their own are refused: their fields, a secret's above all, would be left out silently. */
function isPlainObject(value: unknown): value is CborMap {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

/** The names of members are shorter. */
const SHORT_TEXT = 64;
const FIRST_BYTES = 512;
