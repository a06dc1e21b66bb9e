import { encodeMessage, readMessage, word } from '../fields.ts';

/** Messages that are their type alone. */
export type ShortType = 'HelloACK' | 'Conf2ACK' | 'ErrorACK';

export function encodeShort(type: ShortType): Uint8Array<ArrayBuffer> {
  return encodeMessage(type);
}

export function parseShort(type: ShortType, message: Uint8Array): void {
  readMessage(type, message).end();
}

/** RFC 6189 section 5.9: one of its numbers. */
export function encodeError(code: number): Uint8Array<ArrayBuffer> {
  return encodeMessage('Error', word(code));
}

export function parseError(message: Uint8Array): number {
  const reader = readMessage('Error', message);
  const code = reader.word();
  reader.end();
  return code;
}

/** RFC 6189 section 5.15. */
export interface Ping {
  readonly version: string;
  /** 8 bytes that name an end. */
  readonly endpoint: Uint8Array;
}

export function parsePing(message: Uint8Array): Ping {
  const reader = readMessage('Ping', message);
  const ping = { version: reader.text(4), endpoint: reader.bytes(8) };
  reader.end();
  return ping;
}

/** RFC 6189 section 5.16. */
export interface PingAck {
  readonly version: string;
  readonly endpoint: Uint8Array;
  /** What the Ping had. */
  readonly pinged: Uint8Array;
  readonly source: number;
}

export function encodePingAck({ version, endpoint, pinged, source }: PingAck): Uint8Array<ArrayBuffer> {
  return encodeMessage('PingACK', new TextEncoder().encode(version), endpoint, pinged, word(source));
}
