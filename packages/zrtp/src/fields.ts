import { concat } from '@sotto/bytes';
import { ZrtpWireFault } from './fault.ts';

/** Reads a message from its front; every reading that would go past its end is refused. */
export class FieldReader {
  readonly #bytes: Uint8Array;
  #offset: number;

  constructor(bytes: Uint8Array, offset: number) {
    this.#bytes = bytes;
    this.#offset = offset;
  }

  bytes(length: number): Uint8Array<ArrayBuffer> {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw malformed();
    const field = Uint8Array.from(this.#bytes.subarray(this.#offset, end));
    this.#offset = end;
    return field;
  }

  word(): number {
    return new DataView(this.bytes(4).buffer).getUint32(0);
  }

  /** Printable characters. */
  text(length: number): string {
    const bytes = this.bytes(length);
    if (bytes.some((byte) => byte < 0x20 || byte > 0x7e)) throw malformed();
    return String.fromCharCode(...bytes);
  }

  /** A name that people may be shown: whatever fills it up is cut off, whatever cannot be shown is replaced. */
  label(length: number): string {
    const letters = Array.from(this.bytes(length), (byte) => (byte >= 0x20 && byte <= 0x7e ? byte : 0));
    return String.fromCharCode(...letters)
      .replace(/[\0 ]+$/, '')
      .replaceAll('\0', '?');
  }

  rest(): Uint8Array<ArrayBuffer> {
    return this.bytes(this.#bytes.length - this.#offset);
  }

  /** Nothing may be left. */
  end(): void {
    if (this.#offset !== this.#bytes.length) throw malformed();
  }
}

/** A message of a type: preamble, length in words, type, fields. */
export function encodeMessage(type: string, ...fields: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const body = concat(...fields);
  const head = new Uint8Array(HEAD_BYTES);
  head.set([0x50, 0x5a]);
  new DataView(head.buffer).setUint16(2, (HEAD_BYTES + body.length) / 4);
  head.set(text(type, 8), 4);
  return concat(head, body);
}

/** Reads the fields behind the type. Throws `message-malformed` for another one. */
export function readMessage(type: string, message: Uint8Array): FieldReader {
  const reader = new FieldReader(message, 4);
  if (reader.text(8) !== type.padEnd(8)) throw malformed();
  return reader;
}

/** Filled up with blanks. */
export function text(value: string, length: number): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(value.padEnd(length), (letter) => letter.charCodeAt(0));
}

export function word(value: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
}

export function malformed(): ZrtpWireFault {
  return new ZrtpWireFault('message-malformed', 'a ZRTP message is not what its type says');
}

const HEAD_BYTES = 12;
