import { SrtpWireFault } from './fault.ts';

/** What protection needs to know of an RTP packet (RFC 3550 section 5.1). */
export interface RtpFacts {
  readonly source: number;
  readonly sequence: number;
  /** Fixed header, contributing sources, extension: what stays in the clear. */
  readonly headerBytes: number;
}

/** Throws `packet-malformed` for what is no RTP packet of version 2 whose header is all there. */
export function parseRtp(packet: Uint8Array): RtpFacts {
  const flags = packet[0] as number;
  if (packet.length < 12 || flags >> 6 !== 2) throw malformed();
  const fixed = 12 + (flags & 0x0f) * 4;
  const hasExtension = (flags & 0x10) !== 0;
  if (hasExtension && packet.length < fixed + 4) throw malformed();
  const headerBytes = hasExtension ? fixed + 4 + uint16(packet, fixed + 2) * 4 : fixed;
  if (packet.length < headerBytes) throw malformed();
  return { source: uint16(packet, 8) * 65_536 + uint16(packet, 10), sequence: uint16(packet, 2), headerBytes };
}

/** The sender of a compound RTCP packet. Throws `packet-malformed` for what is none of version 2. */
export function parseRtcp(packet: Uint8Array): { readonly source: number } {
  const view = viewOf(packet);
  if (packet.length < RTCP_HEADER_BYTES || view.getUint8(0) >> 6 !== 2) throw malformed();
  return { source: view.getUint32(4) };
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}

/** A view for each packet would take longer than what is read from it. */
function uint16(bytes: Uint8Array, at: number): number {
  return ((bytes[at] as number) << 8) | (bytes[at + 1] as number);
}

export function malformed(): SrtpWireFault {
  return new SrtpWireFault('packet-malformed', 'this is no RTP or RTCP packet');
}

/** What SRTCP leaves in the clear. */
export const RTCP_HEADER_BYTES = 8;
