import { Fault } from '@sotto/bytes';
import { KeyboxUsageFault, type Platform } from '@sotto/keybox';
import type { TaskId, VaultEvent } from '../vault.ts';

/** Long work that pages have begun: told of step by step, and stopped on demand. */
export class Tasks {
  readonly #tell: (event: VaultEvent) => void;
  readonly #running = new Map<TaskId, AbortController>();

  constructor(tell: (event: VaultEvent) => void) {
    this.#tell = tell;
  }

  async run<Result>(task: TaskId, work: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const stop = new AbortController();
    this.#running.set(task, stop);
    try {
      return await work(stop.signal);
    } catch (cause) {
      throw stop.signal.aborted ? stopped(cause) : cause;
    } finally {
      this.#running.delete(task);
    }
  }

  cancel(task: TaskId): void {
    this.#running.get(task)?.abort();
  }

  step(task: TaskId, step: string): void {
    this.#tell({ kind: 'progress', task, step, done: null, total: null });
  }

  /** Of work that no call waits for; null if it went well. */
  over(task: TaskId, cause: unknown): void {
    const fault = cause instanceof Fault ? { code: cause.code, blame: cause.blame } : null;
    this.#tell({ kind: 'over', task, fault: cause === null ? null : (fault ?? { code: 'bug', blame: 'bug' }) });
  }

  bytes(task: TaskId, step: string, [done, total]: readonly [number, number]): void {
    this.#tell({ kind: 'progress', task, step, done, total });
  }
}

/** A platform on which nothing goes on once the signal has aborted: for work that knows of no signal itself. */
export function stoppable(platform: Platform, signal: AbortSignal): Platform {
  const { clock, transport } = platform;
  const check = (): void => {
    if (signal.aborted) throw stopped();
  };
  return {
    ...platform,
    clock: {
      now: () => clock.now(),
      async sleep(milliseconds, until) {
        await clock.sleep(milliseconds, until === undefined ? signal : AbortSignal.any([signal, until]));
        // A timer that was called off is no work that is stopped.
        if (until?.aborted !== true) check();
      },
    },
    transport: {
      async connect(target) {
        check();
        const socket = await transport.connect(target);
        signal.addEventListener('abort', () => socket.close(), { once: true });
        return socket;
      },
    },
  };
}

function stopped(cause?: unknown): KeyboxUsageFault {
  return new KeyboxUsageFault('cancelled', 'stopped; the same again goes on from here', { cause });
}
