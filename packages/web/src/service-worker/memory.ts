import type { Refusal } from '../release/state.ts';

/** What the worker knows from one of its short lives to the next; nothing of it is secret. */
export interface Memory {
  /** Manifest hashes of kept releases, hexadecimal. */
  readonly current: string | null;
  readonly update: string | null;
  /** The one before: pages that were loaded from it may still ask for parts of it. */
  readonly previous: string | null;
  /** The newest release that was ever accepted here. */
  readonly newest: { readonly at: number; readonly hash: string } | null;
  /** Hexadecimal: the release key that the person has accepted instead of the pin. */
  readonly acceptedKey: string | null;
  /** Hash of a service worker that may take this one's place, hexadecimal. */
  readonly nextWorker: string | null;
  readonly refusal: Refusal | null;
}

export async function recall(): Promise<Memory> {
  const stored = await (await caches.open(CACHE)).match(PLACE);
  return stored === undefined ? nothing : { ...nothing, ...((await stored.json()) as Partial<Memory>) };
}

export async function remember(memory: Memory): Promise<void> {
  await (await caches.open(CACHE)).put(PLACE, new Response(JSON.stringify(memory)));
}

const nothing: Memory = {
  current: null,
  update: null,
  previous: null,
  newest: null,
  acceptedKey: null,
  nextWorker: null,
  refusal: null,
};

const CACHE = 'sotto-releases';
const PLACE = '/memory';
