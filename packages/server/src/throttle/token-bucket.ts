import type { ChannelClock } from '@sotto/protocol';
import type { TokenBucketLimits } from '../limits.ts';

/** Token buckets by key, in memory: a restart fills them, and so does idleness, after which they are forgotten. */
export class TokenBuckets {
  readonly #clock: ChannelClock;
  readonly #limits: TokenBucketLimits;
  readonly #buckets = new Map<string, { tokens: number; atMilliseconds: number }>();

  constructor(clock: ChannelClock, limits: TokenBucketLimits) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Takes a token; 0, or the seconds after which there is one. */
  take(key: string): number {
    const { burst, perSecond } = this.#limits;
    const now = this.#clock.now();
    const bucket = this.#buckets.get(key) ?? { tokens: burst, atMilliseconds: now };
    const tokens = Math.min(burst, bucket.tokens + (Math.max(0, now - bucket.atMilliseconds) / 1000) * perSecond);
    if (tokens < 1) return Math.ceil((1 - tokens) / perSecond);
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: tokens - 1, atMilliseconds: now });
    this.#forget(now);
    return 0;
  }

  /** Full buckets and, under a flood of sources, the oldest ones: the map is in order of use. */
  #forget(now: number): void {
    const fullAfter = (this.#limits.burst / this.#limits.perSecond) * 1000;
    for (const [key, { atMilliseconds }] of this.#buckets) {
      if (now - atMilliseconds < fullAfter && this.#buckets.size <= MAX_BUCKETS) return;
      this.#buckets.delete(key);
    }
  }
}

const MAX_BUCKETS = 100_000;
