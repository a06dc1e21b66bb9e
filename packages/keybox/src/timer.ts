import type { Clock } from './ports.ts';

/** Calls `expire` after the time unless the function that it returns is called first. */
export function startTimer(clock: Clock, milliseconds: number, expire: () => void): () => void {
  const controller = new AbortController();
  const wait = clock.sleep(milliseconds, controller.signal);
  void wait.then(() => {
    if (!controller.signal.aborted) expire();
  });
  return () => controller.abort();
}
