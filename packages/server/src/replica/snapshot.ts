import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { FileFacts } from '../adapters/durable-files.ts';

/** A copy of a database as it is at one moment, and what is in it. */
export interface Snapshot extends FileFacts {
  readonly schema: number;
  /** Null before the first start came to its end. */
  readonly ca: string | null;
  readonly incarnation: number;
  /** Hashes of its chunks, in order. */
  readonly chunks: readonly string[];
  /** Hashes of the blobs that it names. */
  readonly blobs: readonly string[];
}

export interface SnapshotOrder {
  readonly source: string;
  /** Where the copy goes; replaced if it is there. */
  readonly target: string;
}

/** Copies a database page by page in a thread of its own: who is being served does not wait for it. */
export async function takeSnapshot(order: SnapshotOrder): Promise<Snapshot> {
  const worker = new Worker(new URL('./snapshot-worker.ts', import.meta.url), { workerData: order });
  try {
    const [snapshot] = (await once(worker, 'message')) as [Snapshot];
    return snapshot;
  } finally {
    await worker.terminate();
  }
}
