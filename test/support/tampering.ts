import type { SeededNumbers } from './random.ts';
import type { Direction, Judge } from './relay.ts';
import type { WirePiece } from './wire-frames.ts';

/** `foreign` puts a frame of another connection, of the same direction, in a frame's place. */
const tamperings = ['flip', 'drop', 'repeat', 'reorder', 'truncate', 'cut', 'foreign'] as const;
type Tampering = (typeof tamperings)[number];

export interface TamperingPlan {
  readonly tampering: Tampering | 'any';
  readonly direction: Direction | 'both';
  /** Frames, or what goes beside WebSockets: the bytes of files. */
  readonly pieces?: 'data' | 'body';
  /** Of these pieces of a connection from `first` on, this share is tampered with. */
  readonly share: number;
  /** Pieces of a direction that pass before. */
  readonly first?: number;
}

/** A judge for each connection that tampers with data frames as planned; the numbers decide with which, and how. */
export function tamper(numbers: SeededNumbers, plan: TamperingPlan): () => Judge {
  const { share, first = 0, pieces = 'data' } = plan;
  const others: Record<Direction, Buffer[]> = { 'to-server': [], 'to-client': [] };
  return () => {
    const known = { 'to-server': [...others['to-server']], 'to-client': [...others['to-client']] };
    const seen: Record<Direction, number> = { 'to-server': 0, 'to-client': 0 };
    const held: Record<Direction, Buffer[]> = { 'to-server': [], 'to-client': [] };
    return (piece, direction) => {
      if (piece.kind !== pieces) return [piece.raw];
      others[direction].push(piece.raw);
      const isMeant = plan.direction === 'both' || plan.direction === direction;
      const earlier = held[direction].splice(0);
      if (!isMeant || seen[direction]++ < first || numbers.fraction() >= share) return [piece.raw, ...earlier];
      const kind =
        plan.tampering === 'any' ? (tamperings[numbers.below(tamperings.length)] as Tampering) : plan.tampering;
      if (kind === 'cut') return null;
      if (kind === 'foreign') return [foreignTo(piece, known[direction], numbers), ...earlier];
      if (kind !== 'reorder') return [...alter(kind, piece, numbers), ...earlier];
      // The next frame of this direction overtakes it.
      held[direction].push(piece.raw);
      return earlier;
    };
  };
}

/** A piece of a connection before; for the first one a piece that is nobody's. */
function foreignTo(piece: WirePiece, known: readonly Buffer[], numbers: SeededNumbers): Buffer {
  return known[numbers.below(known.length)] ?? flipped(piece, numbers);
}

function alter(kind: 'flip' | 'drop' | 'repeat' | 'truncate', piece: WirePiece, numbers: SeededNumbers): Buffer[] {
  switch (kind) {
    case 'flip':
      return [flipped(piece, numbers)];
    case 'drop':
      return [];
    case 'repeat':
      return [piece.raw, piece.raw];
    case 'truncate':
      return [truncated(piece)];
  }
}

/** One bit of the payload; under the mask of a client's frame it stays one bit. */
function flipped({ raw, payloadStart, payload }: WirePiece, numbers: SeededNumbers): Buffer {
  const copy = Buffer.from(raw);
  const bit = numbers.below(payload.length * 8);
  const at = payloadStart + (bit >> 3);
  copy.writeUInt8(copy.readUInt8(at) ^ (1 << (bit & 7)), at);
  return copy;
}

/** The same frame, its last byte missing, with a length that says so. */
function truncated({ raw, payloadStart, payload }: WirePiece): Buffer {
  const shorter = payload.length - 1;
  const mask = (raw.readUInt8(1) & 0x80) === 0 ? Buffer.alloc(0) : raw.subarray(payloadStart - 4, payloadStart);
  const head = Buffer.alloc(10);
  head.writeUInt8(raw.readUInt8(0), 0);
  head.writeUInt8((raw.readUInt8(1) & 0x80) | 127, 1);
  head.writeBigUInt64BE(BigInt(shorter), 2);
  return Buffer.concat([compact(head, shorter), mask, raw.subarray(payloadStart, payloadStart + shorter)]);
}

/** A length takes as few bytes as it can (RFC 6455 section 5.2). */
function compact(head: Buffer, length: number): Buffer {
  if (length > 0xffff) return head;
  const short = Buffer.from(head.subarray(0, length > 125 ? 4 : 2));
  const flag = head.readUInt8(1) & 0x80;
  short.writeUInt8(flag | (length > 125 ? 126 : length), 1);
  if (length > 125) short.writeUInt16BE(length, 2);
  return short;
}
