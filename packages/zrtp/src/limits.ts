/** Longest message that is looked at: a DHPart with a 3072-bit value has 468 bytes, a Confirm with the longest signature 2,120. */
export const MAX_MESSAGE_BYTES = 2160;

/** Choices of each kind in a Hello (RFC 6189 section 5.2). */
export const MAX_CHOICES = 7;

/** Timer T1 of Hello, and T2 of what initiators send (RFC 6189 section 6), in milliseconds. */
export const HELLO_TIMER: Timer = { firstMilliseconds: 50, mostMilliseconds: 200, sendings: 20 };
export const MESSAGE_TIMER: Timer = { firstMilliseconds: 150, mostMilliseconds: 1200, sendings: 10 };

export interface Timer {
  readonly firstMilliseconds: number;
  readonly mostMilliseconds: number;
  /** After the first one, before giving up. */
  readonly sendings: number;
}
