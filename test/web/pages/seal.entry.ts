import workerUrl from './seal-worker.entry.ts?worker&url';
import { trusted } from './trusted.ts';

const worker = new Worker(trusted(workerUrl), { type: 'module' });

/** Milliseconds for the same chunks of a MiB: sealed as a file in a worker, and by WebCrypto alone in this page. */
const seal = {
  inWorker(chunks: number): Promise<number> {
    const { promise, resolve } = Promise.withResolvers<number>();
    worker.onmessage = ({ data }: MessageEvent<{ readonly milliseconds: number }>) => resolve(data.milliseconds);
    worker.postMessage(chunks);
    return promise;
  },

  async raw(chunks: number): Promise<number> {
    const key = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, ['encrypt']);
    const begun = performance.now();
    for (let i = 0; i < chunks; i++) {
      const iv = new Uint8Array(12);
      new DataView(iv.buffer).setUint32(8, i);
      await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, key, new Uint8Array(1024 * 1024).fill(i));
    }
    return performance.now() - begun;
  },
};

Object.assign(globalThis, { seal });
