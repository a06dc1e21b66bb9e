import { useEffect, useSyncExternalStore } from 'react';
import type { FaultWordTable } from './fault-words/words.ts';

/**
 * The words for every code, loaded when a first refusal is shown: nothing of them until they are here, nor where they
 * cannot be had.
 */
export function useCodeWords(): FaultWordTable {
  useEffect(() => void load(), []);
  return useSyncExternalStore(subscribe, () => words);
}

async function load(): Promise<void> {
  try {
    words = (await import('./fault-words/all.ts')).codeWords;
    for (const changed of [...listeners]) changed();
  } catch {
    // Without them whoever is to blame is named, and the code; the next refusal tries again.
  }
}

function subscribe(changed: () => void): () => void {
  listeners.add(changed);
  return () => void listeners.delete(changed);
}

let words: FaultWordTable = {};
const listeners = new Set<() => void>();
