import type { CborCode, CborMap, CborValue } from './cbor-value.ts';
import { WireFault } from './fault.ts';
import { MAX_CBOR_DEPTH } from './limits.ts';
import { parseUtf8 } from './text.ts';

/** Reads items one behind the other. */
export class CborReader {
  offset = 0;
  private readonly bytes: Uint8Array;
  private readonly view: DataView;

  constructor(bytes: Uint8Array) {
    // Never a Buffer of Node, whose `slice` shares its memory.
    this.bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
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
        this.skip(argument);
        return this.bytes.slice(this.offset - argument, this.offset);
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
    let previous: Stretch | null = null;
    for (let i = 0; i < length; i++) {
      const start = this.offset;
      const initial = this.byte();
      if (initial >> 5 !== 3) throw malformed('a map key that is not text');
      const key = this.text(this.argument(initial & 31));
      const encoded = { start, end: this.offset };
      if (previous !== null && !this.ascends(previous, encoded)) {
        throw new WireFault<CborCode>('cbor-not-deterministic', 'map keys out of order or doubled');
      }
      if (key === '__proto__') throw malformed('a map key that no format has');
      previous = encoded;
      map[key] = this.value(depth + 1);
    }
    return map;
  }

  /** Bytewise; what begins another comes before it. */
  private ascends(left: Stretch, right: Stretch): boolean {
    const shared = Math.min(left.end - left.start, right.end - right.start);
    for (let i = 0; i < shared; i++) {
      const difference = (this.bytes[right.start + i] as number) - (this.bytes[left.start + i] as number);
      if (difference !== 0) return difference > 0;
    }
    return left.end - left.start < right.end - right.start;
  }

  private text(length: number): string {
    const start = this.offset;
    this.skip(length);
    // Names of members, most of all: the decoder is made for pages.
    const short = length <= SHORT_TEXT ? this.ascii(start) : null;
    if (short !== null) return short;
    try {
      return parseUtf8(this.bytes.subarray(start, this.offset));
    } catch (cause) {
      throw cause instanceof WireFault && cause.code === 'text-malformed' ? malformed('text that is not UTF-8') : cause;
    }
  }

  /** What lies between `start` and here; null if it is more than ASCII. */
  private ascii(start: number): string | null {
    let text = '';
    for (let i = start; i < this.offset; i++) {
      const byte = this.bytes[i] as number;
      if (byte >= 0x80) return null;
      text += String.fromCharCode(byte);
    }
    return text;
  }

  private argument(information: number): number {
    if (information < 24) return information;
    if (information > 27) throw malformed('an indefinite or reserved length');
    const size = 1 << (information - 24);
    const at = this.offset;
    this.skip(size);
    const argument =
      size === 1
        ? (this.bytes[at] as number)
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
    this.skip(1);
    return this.bytes[this.offset - 1] as number;
  }

  private skip(length: number): void {
    if (length > this.remaining) throw malformed('truncated');
    this.offset += length;
  }

  private get remaining(): number {
    return this.bytes.length - this.offset;
  }
}

/** Offsets, the second behind the last. */
interface Stretch {
  readonly start: number;
  readonly end: number;
}

function simpleValue(initial: number): null | boolean {
  if (initial === 0xf4) return false;
  if (initial === 0xf5) return true;
  if (initial === 0xf6) return null;
  throw malformed('a float, undefined or a simple value');
}

export function malformed(what: string): WireFault<CborCode> {
  return new WireFault('cbor-malformed', `CBOR: ${what}`);
}

/** The names of members are shorter. */
const SHORT_TEXT = 64;
