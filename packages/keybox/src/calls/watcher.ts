import { isAway } from '../intentions.ts';
import type { Session } from '../session.ts';
import type { CallEvent } from './views.ts';

/** Hands events to one program in their order, and keeps the connection on which they come. */
export class Watcher {
  readonly #session: Session;
  readonly #stop = new AbortController();
  readonly #ended: AbortSignal;
  readonly #waiting: CallEvent[] = [];
  #wake = new AbortController();
  #isLookDue = true;

  constructor(session: Session, until: AbortSignal) {
    this.#session = session;
    this.#ended = AbortSignal.any([until, this.#stop.signal]);
  }

  push(event: CallEvent): void {
    // Who has not listened for so long has lost the thread, and starts anew.
    if (this.#waiting.length >= MAX_WAITING) this.end();
    else this.#waiting.push(event);
    this.#wake.abort();
  }

  end(): void {
    this.#stop.abort();
  }

  async *events(): AsyncIterable<CallEvent> {
    const { clock, link } = this.#session;
    const stop = link.onEnd(() => {
      this.#isLookDue = true;
      this.#wake.abort();
    });
    try {
      while (!this.#ended.aborted) {
        for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) yield next;
        const isThere = !this.#isLookDue || (await this.#look());
        if (this.#waiting.length > 0) continue;
        this.#wake = new AbortController();
        const wake = this.#wake.signal;
        await clock.sleep(isThere ? LOOK_MILLISECONDS : AGAIN_MILLISECONDS, AbortSignal.any([wake, this.#ended]));
        this.#isLookDue ||= !wake.aborted;
      }
    } finally {
      stop();
    }
  }

  /** Signals come on a connection that is asked for. */
  async #look(): Promise<boolean> {
    this.#isLookDue = false;
    try {
      await this.#session.link.call('accounts.self', {});
      return true;
    } catch (cause) {
      if (!isAway(cause)) throw cause;
      return false;
    }
  }
}

const MAX_WAITING = 1000;
/** How long a connection that was lost in silence goes unnoticed. */
const LOOK_MILLISECONDS = 20_000;
const AGAIN_MILLISECONDS = 2000;
