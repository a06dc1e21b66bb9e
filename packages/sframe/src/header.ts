import { SframeWireFault } from './fault.ts';

/** What precedes a frame's ciphertext (RFC 9605 section 4.3): which key, and the how manieth frame under it. */
export interface SframeHeader {
  /** Unsigned, 64 bits. */
  readonly keyId: bigint;
  /** Unsigned, 64 bits. */
  readonly counter: bigint;
}

/** 1 to 17 bytes. Throws `header-malformed` for what is beyond 64 bits. */
export function encodeHeader({ keyId, counter }: SframeHeader): Uint8Array<ArrayBuffer> {
  const [kid, ctr] = [encodeField(keyId), encodeField(counter)];
  return Uint8Array.of((kid.nibble << 4) | ctr.nibble, ...kid.bytes, ...ctr.bytes);
}

/** The header at the front of a frame, and its length. Throws `header-malformed` if it is cut off or longer than it need be. */
export function parseHeader(frame: Uint8Array): { readonly header: SframeHeader; readonly length: number } {
  const config = frame[0];
  if (config === undefined) throw malformed();
  const [kid, ctr] = [config >> 4, config & LOW_NIBBLE];
  const keyIdEnd = 1 + fieldBytes(kid);
  const length = keyIdEnd + fieldBytes(ctr);
  if (frame.length < length) throw malformed();
  const keyId = parseField(kid, frame.subarray(1, keyIdEnd));
  const counter = parseField(ctr, frame.subarray(keyIdEnd, length));
  return { header: { keyId, counter }, length };
}

/** The four bits of a field in the first byte: the value itself below 8, else 8 and one less than its length. */
interface Field {
  readonly nibble: number;
  readonly bytes: readonly number[];
}

function encodeField(value: bigint): Field {
  if (value < 0n || value > MAX_FIELD) throw malformed();
  if (value < 8n) return { nibble: Number(value), bytes: [] };
  const bytes: number[] = [];
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn));
  return { nibble: LONG | (bytes.length - 1), bytes };
}

function fieldBytes(nibble: number): number {
  return (nibble & LONG) === 0 ? 0 : (nibble & 7) + 1;
}

/** The shortest form alone is taken, so that a header has one encoding. */
function parseField(nibble: number, bytes: Uint8Array): bigint {
  if (bytes.length === 0) return BigInt(nibble);
  let value = 0n;
  for (const byte of bytes) value = (value << 8n) | BigInt(byte);
  if (value < 8n || bytes[0] === 0) throw malformed();
  return value;
}

function malformed(): SframeWireFault {
  return new SframeWireFault('header-malformed', 'the header of an encrypted frame is malformed');
}

const MAX_FIELD = 0xffff_ffff_ffff_ffffn;
const LOW_NIBBLE = 0x0f;
const LONG = 0x08;
