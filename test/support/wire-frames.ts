/**
 * A piece of one direction of a connection: the HTTP head that opens it, then frames of a WebSocket (RFC 6455 section
 * 5.2), or, where nobody asked for one, what comes behind the head as it comes.
 */
export interface WirePiece {
  readonly kind: 'head' | 'data' | 'control' | 'body';
  /** As it travels. */
  readonly raw: Buffer;
  /** Where the payload begins in `raw`. */
  readonly payloadStart: number;
  /** The payload without its mask. */
  readonly payload: Buffer;
}

/** Cuts what arrives of one direction into pieces. */
export class WireReader {
  #rest: Buffer = Buffer.alloc(0);
  #read: (bytes: Buffer) => WirePiece | null = readHead;

  /** The pieces that are whole now. */
  *take(bytes: Buffer): Iterable<WirePiece> {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    for (;;) {
      const piece = this.#read(this.#rest);
      if (piece === null) return;
      if (piece.kind === 'head') this.#read = isUpgrade(piece.raw) ? readFrame : readBody;
      this.#rest = this.#rest.subarray(piece.raw.length);
      yield piece;
    }
  }
}

function readHead(bytes: Buffer): WirePiece | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const raw = Buffer.from(bytes.subarray(0, end + 4));
  return { kind: 'head', raw, payloadStart: 0, payload: raw };
}

function isUpgrade(head: Buffer): boolean {
  return /^upgrade: *websocket/im.test(head.toString('latin1'));
}

function readBody(bytes: Buffer): WirePiece | null {
  if (bytes.length === 0) return null;
  const raw = Buffer.from(bytes);
  return { kind: 'body', raw, payloadStart: 0, payload: raw };
}

function readFrame(bytes: Buffer): WirePiece | null {
  if (bytes.length < 2) return null;
  const [first, second] = [bytes.readUInt8(0), bytes.readUInt8(1)];
  const short = second & 0x7f;
  const lengthEnd = short === 127 ? 10 : short === 126 ? 4 : 2;
  const payloadStart = lengthEnd + ((second & 0x80) === 0 ? 0 : 4);
  if (bytes.length < payloadStart) return null;
  const length = short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  if (bytes.length < payloadStart + length) return null;
  const raw = Buffer.from(bytes.subarray(0, payloadStart + length));
  const mask = raw.subarray(lengthEnd, payloadStart);
  const payload = Buffer.from(raw.subarray(payloadStart));
  if (mask.length > 0) for (let i = 0; i < length; i++) payload[i] = (payload[i] as number) ^ (mask[i % 4] as number);
  return { kind: (first & 0x08) === 0 ? 'data' : 'control', raw, payloadStart, payload };
}
