import workerUrl from './storage-worker.entry.ts?worker&url';
import { trusted } from './trusted.ts';

const worker = new Worker(trusted(workerUrl), { type: 'module' });
const asked = new Map<number, PromiseWithResolvers<unknown>>();
worker.addEventListener('message', ({ data }: MessageEvent<{ id: number; value?: unknown; fault?: string }>) => {
  if (data.fault === undefined) asked.get(data.id)?.resolve(data.value);
  else asked.get(data.id)?.reject(new Error(data.fault));
});

/** `lab.NAME(...)` calls the worker. */
const lab = new Proxy(
  {},
  {
    get:
      (_, method) =>
      async (...input: readonly unknown[]) => {
        const id = asked.size;
        const answer = Promise.withResolvers<unknown>();
        asked.set(id, answer);
        worker.postMessage({ id, method, input });
        return answer.promise;
      },
  },
);

let acknowledged = 0;
new BroadcastChannel('acknowledged').onmessage = ({ data }: MessageEvent<number>) => {
  acknowledged = data;
};

Object.assign(globalThis, { lab, acknowledged: () => acknowledged });
