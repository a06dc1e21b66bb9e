import { parseUtf8 } from '@sotto/bytes';
import { MAX_DER_BYTES } from '../limits.ts';
import { checkDer, type ElementBounds, elementAt } from './check.ts';
import { malformed } from './fault.ts';
import { decodeOid } from './oid.ts';
import * as tag from './tag.ts';
import { decodeTime } from './time.ts';

/**
 * Reads the elements of one DER structure in order. Every method takes the next element or throws `der-malformed`;
 * `end` closes a structure, so that nothing in it stays unread.
 */
export class DerReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  #offset: number;

  private constructor(bytes: Uint8Array, start: number, end: number) {
    this.#bytes = bytes;
    this.#offset = start;
    this.#end = end;
  }

  /** Opens bytes that are one DER element, checked whole before anything is read. */
  static open(bytes: Uint8Array, maxBytes: number = MAX_DER_BYTES): DerReader {
    if (bytes.length > maxBytes) throw malformed('too long');
    checkDer(bytes);
    return new DerReader(bytes, 0, bytes.length);
  }

  /** Identifier octet of the next element, null at the end. */
  get next(): number | null {
    return this.#offset < this.#end ? (this.#bytes[this.#offset] as number) : null;
  }

  /** Enters the next element, which has the given identifier octet. */
  enter(expected: number): DerReader {
    const element = this.#take(expected);
    return new DerReader(this.#bytes, element.contentStart, element.end);
  }

  sequence(): DerReader {
    return this.enter(tag.SEQUENCE);
  }

  set(): DerReader {
    return this.enter(tag.SET);
  }

  /** Content octets of the next element, which has the given identifier octet. */
  content(expected: number): Uint8Array {
    const element = this.#take(expected);
    return this.#bytes.subarray(element.contentStart, element.end);
  }

  /** The next element whole, with identifier and length, whatever it is unless `expected` says. */
  raw(expected?: number): Uint8Array {
    const element = this.#take(expected);
    return this.#bytes.subarray(element.start, element.end);
  }

  /** Content of a positive INTEGER of at most 4096 bits, without the sign octet. */
  unsigned(): Uint8Array {
    const content = this.content(tag.INTEGER);
    if ((content[0] as number) >= 0x80 || content.length > 513) throw malformed('an integer out of bounds');
    return content.length > 1 && content[0] === 0 ? content.subarray(1) : content;
  }

  /** A number from 0 to 2^31 - 1. */
  smallInteger(): number {
    const content = this.unsigned();
    const value = content.reduce((sum, octet) => sum * 256 + octet, 0);
    if (content.length > 4 || value > 0x7fffffff) throw malformed('an integer out of bounds');
    return value;
  }

  boolean(): boolean {
    return this.content(tag.BOOLEAN)[0] === 0xff;
  }

  null(): void {
    this.content(tag.NULL);
  }

  oid(): string {
    return decodeOid(this.content(tag.OBJECT_IDENTIFIER));
  }

  octetString(): Uint8Array {
    return this.content(tag.OCTET_STRING);
  }

  /** Bits of a BIT STRING whose number of bits is a multiple of eight. */
  bitString(): Uint8Array {
    const content = this.content(tag.BIT_STRING);
    if (content[0] !== 0) throw malformed('a bit string that is not whole octets');
    return content.subarray(1);
  }

  utf8String(): string {
    return parseUtf8(this.content(tag.UTF8_STRING));
  }

  /** Milliseconds since the epoch. */
  time(): number {
    const type = this.next === tag.GENERALIZED_TIME ? tag.GENERALIZED_TIME : tag.UTC_TIME;
    return decodeTime(type, this.content(type));
  }

  /** Reads until the end of this structure. */
  all<Item>(read: (reader: DerReader) => Item): Item[] {
    const items: Item[] = [];
    while (this.next !== null) items.push(read(this));
    return items;
  }

  end(): void {
    if (this.next !== null) throw malformed('an element that does not belong there', this.#offset);
  }

  #take(expected?: number): ElementBounds {
    const element = elementAt(this.#bytes, this.#offset, this.#end);
    if (expected !== undefined && element.tag !== expected) {
      throw malformed(`an element of type ${element.tag} in place of ${expected}`, element.start);
    }
    this.#offset = element.end;
    return element;
  }
}

/** Reads one whole structure: opens `bytes`, reads the element and proves that nothing is left of it. */
export function readSequence<Result>(reader: DerReader, read: (fields: DerReader) => Result): Result {
  const fields = reader.sequence();
  const result = read(fields);
  fields.end();
  return result;
}
