import { MAX_FRAME_BYTES } from '../limits.ts';

/** Type byte and authentication tag. */
export const FRAME_OVERHEAD_BYTES = 17;

/** Data of one frame; whoever has more pages it. */
export const MAX_DATA_BYTES: number = MAX_FRAME_BYTES - FRAME_OVERHEAD_BYTES;

/** Messages that may wait while the handshake runs; an honest peer is at most three ahead. */
export const MAX_HANDSHAKE_BACKLOG = 16;

/** Long enough for Argon2id at its ceiling on a small machine. */
export const HANDSHAKE_TIMEOUT_MILLISECONDS = 60_000;

/** How much one traffic key seals before the next takes over. */
export interface RekeyLimits {
  readonly frames: number;
  readonly milliseconds: number;
}

export const rekeyLimits: RekeyLimits = Object.freeze({ frames: 2 ** 20, milliseconds: 3_600_000 });
