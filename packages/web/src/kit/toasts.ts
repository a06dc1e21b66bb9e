export interface Toast {
  readonly id: number;
  readonly words: string;
}

/** Tells in passing that something was done; it is read out politely, and goes by itself. */
export function say(words: string): void {
  const toast = { id: next++, words };
  show([...shown.slice(1 - MOST), toast]);
  setTimeout(() => show(shown.filter(({ id }) => id !== toast.id)), SHOWN_MILLISECONDS);
}

export function shownToasts(): readonly Toast[] {
  return shown;
}

/** Hears of every change; gives what ends that. */
export function onToasts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function show(toasts: readonly Toast[]): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

const MOST = 3;
const SHOWN_MILLISECONDS = 6000;

let shown: readonly Toast[] = [];
let next = 0;
const listeners = new Set<() => void>();
