import { setTimeout } from 'node:timers/promises';
import type { Person } from '@sotto/testing';
import type { CallEvent, CallMedia, CallPhase, CallView } from './views.ts';

/** Somebody who watches calls: what was told so far, and a way to wait for more. */
export class Listener {
  readonly events: CallEvent[] = [];
  readonly #person: Person;
  readonly #asked: number;
  readonly #stop = new AbortController();
  readonly #ended: Promise<void>;
  #failure: unknown = null;
  #news = Promise.withResolvers<void>();

  constructor(person: Person) {
    this.#person = person;
    this.#asked = person.link.asked.length;
    this.#ended = this.#watch().catch((cause: unknown) => {
      this.#failure = cause;
      this.#news.resolve();
    });
  }

  /** Once the person's device rings. */
  get ready(): Promise<void> {
    return until(() => this.#person.link.asked.length > this.#asked);
  }

  /** The first call that was told to be in the phase, from now or before. */
  phase(phase: CallPhase, direction?: CallView['direction']): Promise<CallView> {
    return this.until(
      (event) => event.call.phase === phase && (direction ?? event.call.direction) === event.call.direction,
    );
  }

  async until(fits: (event: CallEvent) => boolean): Promise<CallView> {
    return (await this.untilEvent(fits)).call;
  }

  async untilEvent(fits: (event: CallEvent) => boolean): Promise<CallEvent> {
    for (let seen = 0; ; ) {
      const found = this.events.slice(seen).find(fits);
      if (found !== undefined) return found;
      if (this.#failure !== null) throw this.#failure;
      seen = this.events.length;
      await this.#news.promise;
    }
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

async function until(fits: () => boolean): Promise<void> {
  while (!fits()) await setTimeout(5);
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
