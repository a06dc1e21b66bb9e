import { getHeapStatistics } from 'node:v8';
import { type Parser, tryInput, Violation } from './target.ts';

/** What trying some inputs cost. */
export interface Cost {
  readonly milliseconds: number;
  /** On the heap; at times more than was asked for, since the heap grows in steps. */
  readonly heapBytes: number;
  /** Outside of it; at times less, since what earlier inputs left is collected meanwhile. */
  readonly externalBytes: number;
}

/** Measures what `action` costs this thread. Roughly: a first look, on which nothing is decided. */
export async function measure(action: () => Promise<void>): Promise<Cost> {
  const before = now();
  await action();
  const after = now();
  return {
    milliseconds: after.milliseconds - before.milliseconds,
    heapBytes: after.heapBytes - before.heapBytes,
    externalBytes: after.externalBytes - before.externalBytes,
  };
}

/** Whether inputs of this many bytes together cost so much that each of them deserves a second look. */
export function isDear({ milliseconds, ...memory }: Cost, inputs: number, bytes: number): boolean {
  const allocatedBytes = Math.max(memory.heapBytes, memory.externalBytes);
  return milliseconds > 10 + inputs / 10 + bytes / 1_000 || allocatedBytes > 400_000 + inputs * 20_000 + bytes * 200;
}

/**
 * Throws `Violation` if an input costs more than its length allows. Of time and heap it counts what the cheapest of several
 * tries took, so that a machine that is busy with other things decides nothing.
 */
export async function checkCost(parser: Parser, input: Uint8Array): Promise<void> {
  const patience = parser.patience ?? 1;
  const mostMilliseconds = patience * (MOST_MILLISECONDS + input.length / 20);
  const mostBytes = patience * (MOST_ALLOCATED_BYTES + input.length * MOST_ALLOCATED_PER_BYTE);
  let [milliseconds, heapBytes, externalBytes] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0];
  for (let left = TRIES; left > 0; left--) {
    const cost = await measure(async () => void (await tryInput(parser, input)));
    milliseconds = Math.min(milliseconds, cost.milliseconds);
    heapBytes = Math.min(heapBytes, cost.heapBytes);
    externalBytes = Math.max(externalBytes, cost.externalBytes);
    if (left > TRIES - LEAST_TRIES) continue;
    if (milliseconds <= mostMilliseconds && heapBytes + externalBytes <= mostBytes) return;
  }
  if (milliseconds > mostMilliseconds) {
    throw new Violation(`${Math.round(milliseconds)} ms for ${input.length} bytes, at most ${mostMilliseconds}`);
  }
  throw new Violation(`${heapBytes + externalBytes} bytes of memory for ${input.length}, at most ${mostBytes}`);
}

/** Time of this thread alone; memory that was ever allocated on the heap, and what lies outside of it. */
function now(): { readonly milliseconds: number; readonly heapBytes: number; readonly externalBytes: number } {
  const { user, system } = process.threadCpuUsage();
  const { total_allocated_bytes: heapBytes, external_memory: externalBytes } = getHeapStatistics();
  return { milliseconds: (user + system) / 1000, heapBytes, externalBytes };
}

const TRIES = 7;
const LEAST_TRIES = 3;
const MOST_MILLISECONDS = 50;
/** The heap hands memory out in pieces of this order, so less cannot be told from nothing. */
const MOST_ALLOCATED_BYTES = 1_500_000;
const MOST_ALLOCATED_PER_BYTE = 1_000;
