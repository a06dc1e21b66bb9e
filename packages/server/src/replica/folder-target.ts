import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeDurably } from '../adapters/durable-files.ts';
import type { ReplicaTarget } from './target.ts';

/** A replica in a folder, best on another machine's disk. */
export function folderTarget(folder: string): ReplicaTarget {
  return {
    put: async (name, bytes) => writeDurably(join(folder, name), bytes),
    async read(name) {
      const path = join(folder, name);
      return existsSync(path) ? Uint8Array.from(readFileSync(path)) : null;
    },
    remove: async (name) => rmSync(join(folder, name), { force: true }),
  };
}
