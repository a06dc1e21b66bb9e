import { wrap } from 'comlink';
import type { Lab } from './storage-worker.entry.ts';
import workerUrl from './storage-worker.entry.ts?worker&url';
import { trusted } from './trusted.ts';

const worker = new Worker(trusted(workerUrl), { type: 'module' });
let acknowledged = 0;
new BroadcastChannel('acknowledged').onmessage = ({ data }: MessageEvent<number>) => {
  acknowledged = data;
};

Object.assign(globalThis, { lab: wrap<Lab>(worker), acknowledged: () => acknowledged });
