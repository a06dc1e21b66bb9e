import { CallWireFault } from './fault.ts';

/** One RTP packet (RFC 3550 section 5.1). */
export interface RtpPacket {
  /** 0 to 127. */
  readonly payloadType: number;
  /** First packet after a silence. */
  readonly marker: boolean;
  /** 16 bits. */
  readonly sequence: number;
  /** 32 bits, in samples of 48 kHz. */
  readonly timestamp: number;
  /** Synchronisation source. */
  readonly source: number;
  readonly payload: Uint8Array;
}

/** 12 bytes and the payload: no contributing source, no extension, no padding. */
export function encodeRtp(packet: RtpPacket): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(HEADER_BYTES + packet.payload.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 0x80);
  view.setUint8(1, (packet.marker ? 0x80 : 0) | packet.payloadType);
  view.setUint16(2, packet.sequence);
  view.setUint32(4, packet.timestamp);
  view.setUint32(8, packet.source);
  bytes.set(packet.payload, HEADER_BYTES);
  return bytes;
}

/** Passes over contributing sources, extension and padding. Throws `rtp-malformed`. */
export function parseRtp(bytes: Uint8Array): RtpPacket {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || view.getUint8(0) >> 6 !== 2) throw malformed();
  const [flags, type] = [view.getUint8(0), view.getUint8(1)];
  let start = HEADER_BYTES + (flags & 0x0f) * 4;
  if ((flags & 0x10) !== 0) {
    if (bytes.length < start + 4) throw malformed();
    start += 4 + view.getUint16(start + 2) * 4;
  }
  const padding = (flags & 0x20) !== 0 ? (bytes.at(-1) as number) : 0;
  const end = bytes.length - padding;
  if (end < start || ((flags & 0x20) !== 0 && padding === 0)) throw malformed();
  return {
    payloadType: type & 0x7f,
    marker: (type & 0x80) !== 0,
    sequence: view.getUint16(2),
    timestamp: view.getUint32(4),
    source: view.getUint32(8),
    payload: bytes.subarray(start, end),
  };
}

/** Whether it is RTCP that came where RTP and RTCP share a port (RFC 5761 section 4). */
export function isRtcp(datagram: Uint8Array): boolean {
  const type = datagram[1] ?? 0;
  return type >= 192 && type <= 223;
}

function malformed(): CallWireFault {
  return new CallWireFault('rtp-malformed', 'this is no RTP packet');
}

const HEADER_BYTES = 12;
