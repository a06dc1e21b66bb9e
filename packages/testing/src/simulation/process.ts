import type { Clock } from '@sotto/keybox';
import type { ChannelClock, ChannelTimer } from '@sotto/protocol';
import type { Timeline } from './timeline.ts';

/** A running program. Once it was killed nothing of it goes on: its timers never expire and what it waits for never comes. */
export class Process {
  alive = true;
  readonly timeline: Timeline;
  readonly #whenKilled: (() => void)[] = [];

  constructor(timeline: Timeline) {
    this.timeline = timeline;
  }

  kill(): void {
    if (!this.alive) return;
    this.alive = false;
    for (const run of this.#whenKilled.splice(0)) run();
  }

  onKill(run: () => void): void {
    this.#whenKilled.push(run);
  }

  after(milliseconds: number, run: () => void): () => void {
    return this.timeline.after(milliseconds, () => {
      if (this.alive) run();
    });
  }

  wait(milliseconds: number): Promise<void> {
    return new Promise((resolve) => void this.after(milliseconds, resolve));
  }

  /** The result for a program that lives; nothing ever for one that does not. */
  guard<Result>(work: () => Result): Promise<Result> {
    if (!this.alive) return new Promise(() => undefined);
    const result = work();
    return this.alive ? Promise.resolve(result) : new Promise(() => undefined);
  }

  get timer(): ChannelTimer {
    return { after: (milliseconds, expire) => this.after(milliseconds, expire) };
  }

  /** Never jumps. */
  get monotonic(): ChannelClock {
    return { now: () => this.timeline.now };
  }

  /** A clock that is wrong by what `skew` says at the moment. */
  clock(skew: () => number): Clock {
    return {
      now: () => this.timeline.now + skew(),
      sleep: (milliseconds, signal) =>
        new Promise((resolve) => {
          if (signal?.aborted === true) return resolve();
          const cancel = this.after(milliseconds, resolve);
          signal?.addEventListener('abort', () => {
            cancel();
            resolve();
          });
        }),
    };
  }
}
