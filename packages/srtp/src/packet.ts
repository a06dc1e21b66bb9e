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
  const view = viewOf(packet);
  if (packet.length < 12 || view.getUint8(0) >> 6 !== 2) throw malformed();
  const contributing = (view.getUint8(0) & 0x0f) * 4;
  const hasExtension = (view.getUint8(0) & 0x10) !== 0;
  const fixed = 12 + contributing;
  if (hasExtension && packet.length < fixed + 4) throw malformed();
  const headerBytes = hasExtension ? fixed + 4 + view.getUint16(fixed + 2) * 4 : fixed;
  if (packet.length < headerBytes) throw malformed();
  return { source: view.getUint32(8), sequence: view.getUint16(2), headerBytes };
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

export function malformed(): SrtpWireFault {
  return new SrtpWireFault('packet-malformed', 'this is no RTP or RTCP packet');
}

/** What SRTCP leaves in the clear. */
export const RTCP_HEADER_BYTES = 8;
