import { wrap } from 'comlink';
import type { Lab } from './storage-worker.entry.ts';

const worker = new Worker(new URL('./storage-worker.entry.ts', import.meta.url), { type: 'module' });
let acknowledged = 0;
new BroadcastChannel('acknowledged').onmessage = ({ data }: MessageEvent<number>) => {
  acknowledged = data;
};

Object.assign(globalThis, { lab: wrap<Lab>(worker), acknowledged: () => acknowledged });
