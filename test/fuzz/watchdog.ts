import { Worker } from 'node:worker_threads';

/**
 * Watches from another thread: where one input keeps the parser for a minute, the input is written to `path`, its
 * replay is told and the process ends.
 */
export function startWatchdog(tell: { readonly path: string; readonly advice: string }): Watchdog {
  const shared = new SharedArrayBuffer(HEAD_BYTES + MAX_BYTES);
  const worker = new Worker(new URL('watchdog-thread.ts', import.meta.url), { workerData: { shared, ...tell } });
  const head = new Int32Array(shared, 0, 2);
  const place = new Uint8Array(shared, HEAD_BYTES);
  return {
    begin: (input) => {
      const kept = input.subarray(0, MAX_BYTES);
      place.set(kept);
      head[1] = kept.length;
      Atomics.add(head, 0, 1);
    },
    stop: async () => void (await worker.terminate()),
  };
}

export interface Watchdog {
  readonly begin: (input: Uint8Array) => void;
  readonly stop: () => Promise<void>;
}

const HEAD_BYTES = 8;
const MAX_BYTES = 1 << 20;
