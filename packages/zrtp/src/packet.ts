import { concat, equal } from '@sotto/bytes';
import { crc32c } from './crc32c.ts';
import { ZrtpWireFault } from './fault.ts';
import { MAX_MESSAGE_BYTES } from './limits.ts';

/** What carries one message (RFC 6189 section 5): it looks like RTP of version 0, so that the two tell each other apart. */
export interface ZrtpPacket {
  readonly sequence: number;
  readonly source: number;
  /** From preamble to the end of the message. */
  readonly message: Uint8Array;
  /** Eight characters, blanks at the end included. */
  readonly type: string;
}

/** Whether a datagram is for ZRTP rather than RTP or STUN. */
export function isZrtpPacket(datagram: Uint8Array): boolean {
  return datagram.length >= 12 && datagram[0] === 0x10 && equal(datagram.subarray(4, 8), COOKIE);
}

/** Length: 16 more than the message's. */
export function encodePacket({ sequence, source, message }: Omit<ZrtpPacket, 'type'>): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(HEADER_BYTES);
  const view = new DataView(header.buffer);
  view.setUint16(0, 0x1000);
  view.setUint16(2, sequence);
  header.set(COOKIE, 4);
  view.setUint32(8, source);
  const packet = concat(header, message);
  return concat(packet, crc32c(packet));
}

/** Throws `packet-malformed` for a wrong check sum, header or length. */
export function parsePacket(datagram: Uint8Array): ZrtpPacket {
  const length = datagram.length - OVERHEAD_BYTES;
  if (!isZrtpPacket(datagram) || datagram[1] !== 0 || length < MIN_MESSAGE_BYTES || length > MAX_MESSAGE_BYTES)
    throw malformed();
  const end = HEADER_BYTES + length;
  if (!equal(crc32c(datagram.subarray(0, end)), datagram.subarray(end))) throw malformed();
  const message = datagram.slice(HEADER_BYTES, end);
  const view = new DataView(datagram.buffer, datagram.byteOffset);
  const words = new DataView(message.buffer).getUint16(2);
  if (message[0] !== 0x50 || message[1] !== 0x5a || words * 4 !== length) throw malformed();
  const type = message.subarray(4, 12);
  if (type.some((byte) => byte < 0x20 || byte > 0x7e)) throw malformed();
  return { sequence: view.getUint16(2), source: view.getUint32(8), message, type: String.fromCharCode(...type) };
}

function malformed(): ZrtpWireFault {
  return new ZrtpWireFault('packet-malformed', 'this is no ZRTP packet, or it was damaged on its way');
}

const COOKIE = Uint8Array.of(0x5a, 0x52, 0x54, 0x50);
const HEADER_BYTES = 12;
const OVERHEAD_BYTES = 16;
const MIN_MESSAGE_BYTES = 12;
