import { Fault } from '@sotto/bytes';
import { KeyboxUsageFault } from '../fault.ts';
import type { Clock } from '../ports.ts';

/** How often something is tried again that a broken connection or a restarting server may mend. */
export class Patience {
  readonly #clock: Clock;
  readonly #signal: AbortSignal | undefined;
  #failures = 0;

  constructor(clock: Clock, signal: AbortSignal | undefined) {
    this.#clock = clock;
    this.#signal = signal;
  }

  /** Something went on: what failed before does not count any more. */
  renew(): void {
    this.#failures = 0;
  }

  /** Waits, longer each time. Throws the cause itself if it is not of that kind or has come too often; `cancelled`. */
  async wait(cause: unknown): Promise<void> {
    checkSignal(this.#signal);
    if (!(cause instanceof Fault) || !MENDABLE.has(cause.code)) throw cause;
    const pause = PAUSES_MILLISECONDS[this.#failures++];
    if (pause === undefined) throw cause;
    await this.#clock.sleep(pause, this.#signal);
    checkSignal(this.#signal);
  }
}

/** Throws `cancelled` if the signal has come. */
export function checkSignal(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new KeyboxUsageFault('cancelled', 'stopped; the same command goes on from here');
}

const MENDABLE: ReadonlySet<string> = new Set(['unreachable', 'channel-broken', 'blob-store-gone', 'server-error']);
const PAUSES_MILLISECONDS = [100, 400, 1000, 2000, 3000, 5000, 8000, 10_000];
