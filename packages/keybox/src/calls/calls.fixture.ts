import type { Person } from '@sotto/testing';
import type { CallEvent, CallMedia, CallPhase, CallView } from './views.ts';

/** Somebody who watches calls: what was told so far, and a way to wait for more. */
export class Listener {
  readonly events: CallEvent[] = [];
  readonly #person: Person;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #news = Promise.withResolvers<void>();

  constructor(person: Person) {
    this.#person = person;
    this.#ended = this.#watch();
  }

  get last(): CallView | undefined {
    return this.events.at(-1)?.call;
  }

  /** The first call that was told to be in the phase, from now or before. */
  phase(phase: CallPhase, direction?: CallView['direction']): Promise<CallView> {
    return this.until(
      (event) => event.call.phase === phase && (direction ?? event.call.direction) === event.call.direction,
    );
  }

  async until(fits: (event: CallEvent) => boolean): Promise<CallView> {
    for (let seen = 0; ; ) {
      const found = this.events.slice(seen).find(fits);
      if (found !== undefined) return found.call;
      seen = this.events.length;
      await this.#news.promise;
    }
  }

  /** Forgets what was told. */
  clear(): void {
    this.events.length = 0;
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#ended;
  }

  async #watch(): Promise<void> {
    for await (const event of this.#person.box.calls.watch(this.#stop.signal)) {
      this.events.push(event);
      this.#news.resolve();
      this.#news = Promise.withResolvers();
    }
  }
}

/** Media as a program would have opened it, told apart by a digit. */
export function mediaOf(digit: number, more: Partial<CallMedia> = {}): CallMedia {
  return {
    zrtpHash: `1.10 ${String(digit).repeat(64)}`,
    sources: [digit + 1],
    candidates: [{ address: '127.0.0.1', port: 40_000 + digit }],
    profile: 'standard',
    ...more,
  };
}
