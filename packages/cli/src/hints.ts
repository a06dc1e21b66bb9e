import type { Session } from '@sotto/keybox';

export interface Waiting {
  readonly signal: AbortSignal;
  readonly timeoutMilliseconds: number;
}

/** What the server hints at while nobody waits is kept for the next who does. */
export class Hints {
  readonly #session: Session;
  #pending = false;
  #wake: () => void = () => {};

  constructor(session: Session) {
    this.#session = session;
    session.link.onEvent(({ event }) => {
      // Who comes and goes leaves nothing to read.
      if (event === 'presence') return;
      this.#pending = true;
      this.#wake();
    });
  }

  /** Resolves at a hint since the last call, at the signal, or when the time is over. */
  async wait({ signal, timeoutMilliseconds }: Waiting): Promise<void> {
    if (!this.#pending) {
      const woken = new AbortController();
      this.#wake = () => woken.abort();
      await this.#session.clock.sleep(timeoutMilliseconds, AbortSignal.any([signal, woken.signal]));
    }
    this.#pending = false;
  }
}
