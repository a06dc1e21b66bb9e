import { Fault } from '@sotto/bytes';
import { logKeyOnce } from '../key-log.ts';
import type { Session } from '../session.ts';

/** Work that nobody waits for, and what the person is told of refusals. */
export class Chores {
  readonly #session: Session;
  readonly #pending = new Set<Promise<unknown>>();
  #isClosed = false;

  constructor(session: Session) {
    this.#session = session;
  }

  /** Refusals of the network and of others end with the work; the rest is a bug. */
  add(work: Promise<unknown>): void {
    const pending = work
      .catch((cause: unknown) => {
        if (!this.#isClosed && (!(cause instanceof Fault) || cause.blame === 'bug')) throw cause;
      })
      .finally(() => this.#pending.delete(pending));
    this.#pending.add(pending);
  }

  /** Resolves when all of it is done. */
  async done(): Promise<void> {
    await Promise.allSettled(this.#pending);
  }

  /** Told once: a server may provoke the same again and again. */
  async refuse(cause: Fault): Promise<void> {
    const { keys, clock } = this.#session;
    await keys.apply([logKeyOnce(clock, { event: 'call/refused', reason: cause.message }, cause)]);
  }

  /** From now on the vault may be closed under what is still to do. */
  close(): void {
    this.#isClosed = true;
  }
}
