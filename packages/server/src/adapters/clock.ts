import type { ChannelClock, ChannelTimer } from '@sotto/protocol';

/** The machine's clock: milliseconds since the epoch; may jump. */
export function systemNow(): number {
  return Date.now();
}

/** Milliseconds since some moment; never jumps. */
export const monotonicClock: ChannelClock = { now: () => performance.now() };

/** Timers that do not keep the process alive. */
export const systemTimer: ChannelTimer = {
  after(milliseconds, expire) {
    const timer = setTimeout(expire, milliseconds).unref();
    return () => clearTimeout(timer);
  },
};

/** Keeps the process alive meanwhile. */
export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
