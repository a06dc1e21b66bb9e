import { concat, Fault, parseUtf8 } from '@sotto/bytes';
import { SipWireFault } from '../fault.ts';
import { MAX_HEAD_BYTES, MAX_MESSAGE_BYTES } from '../limits.ts';
import { type Field, parseFields } from './field.ts';
import { headEnd } from './message.ts';

/** Finds the messages in a stream of bytes (RFC 3261 section 18.3). After a fault the stream is of no more use. */
export class MessageFramer {
  #buffer: Uint8Array = new Uint8Array(0);

  /** The messages that are complete now. Throws `stream-malformed`. */
  push(chunk: Uint8Array): readonly Uint8Array[] {
    this.#buffer = concat(this.#buffer, chunk);
    const messages: Uint8Array[] = [];
    for (let message = this.#next(); message !== null; message = this.#next()) messages.push(message);
    return messages;
  }

  #next(): Uint8Array | null {
    // Empty lines between messages keep a connection alive (RFC 5626 section 3.5.1).
    let start = 0;
    while (this.#buffer[start] === 13 || this.#buffer[start] === 10) start += 1;
    this.#buffer = this.#buffer.subarray(start);
    const end = headEnd(this.#buffer);
    if ((end ?? this.#buffer.length) > MAX_HEAD_BYTES) throw broken();
    if (end === null) return null;
    const length = end + 4 + contentLength(this.#buffer.subarray(0, end));
    if (length > MAX_MESSAGE_BYTES) throw broken();
    if (this.#buffer.length < length) return null;
    const message = this.#buffer.subarray(0, length);
    this.#buffer = this.#buffer.subarray(length);
    return message;
  }
}

/** In a stream it must be there, once. */
function contentLength(head: Uint8Array): number {
  const fields = lengthFields(head);
  const [field] = fields;
  if (field === undefined || !/^[0-9]{1,6}$/.test(field.value)) throw broken();
  return Number(field.value);
}

function lengthFields(head: Uint8Array): readonly Field[] {
  try {
    const [, ...lines] = parseUtf8(head).split('\r\n');
    return parseFields(lines).filter(({ name }) => name === 'Content-Length');
  } catch (cause) {
    if (cause instanceof Fault) throw broken(cause);
    throw cause;
  }
}

function broken(cause?: Fault): SipWireFault {
  return new SipWireFault('stream-malformed', 'no message can be found in the stream', { cause });
}
