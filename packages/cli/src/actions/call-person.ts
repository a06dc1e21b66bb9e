import { createInterface } from 'node:readline';
import type { Run } from '../command.ts';

/** The keyboard during a call: each line is a word; being asked to end is `q`. */
export function listenToPerson({ world, common }: Run, take: (word: string) => void): { stop(): void } {
  world.stopped().addEventListener('abort', () => take('q'), { once: true });
  const lines = common.noInput ? null : createInterface({ input: world.stdin });
  lines?.on('line', (line) => take(line.trim().toLowerCase()));
  return {
    stop() {
      lines?.close();
      world.stdin.pause();
    },
  };
}
