import { useSyncExternalStore } from 'react';

/** What somebody likes in this browser; nothing here says anything about an account. */
export interface Preferences {
  /** Enter sends and Shift+Enter breaks the line; or Enter breaks it and Ctrl+Enter sends. */
  readonly enterSends: boolean;
  readonly notifications: boolean;
  /** Whether a notification shows what was written, and by whom. */
  readonly previews: boolean;
  /** Minutes without use after which the account is locked; 0: never. */
  readonly autoLockMinutes: number;
}

function preferences(): Preferences {
  return known;
}

export function setPreference<Name extends keyof Preferences>(name: Name, value: Preferences[Name]): void {
  localStorage.setItem(STORED, JSON.stringify({ ...known, [name]: value }));
  refresh();
}

/** The preferences, as they are in all tabs. */
export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, preferences);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function refresh(): void {
  known = read();
  for (const listener of listeners) listener();
}

function read(): Preferences {
  const stored = parsed(localStorage.getItem(STORED) ?? '{}');
  return Object.fromEntries(
    Object.entries(DEFAULTS).map(([name, preset]) => [
      name,
      typeof stored[name] === typeof preset ? stored[name] : preset,
    ]),
  ) as unknown as Preferences;
}

function parsed(stored: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(stored) as Record<string, unknown>;
  } catch (cause) {
    // Whoever broke it by hand gets the defaults.
    if (cause instanceof SyntaxError) return {};
    throw cause;
  }
}

const STORED = 'sotto.preferences';
const DEFAULTS: Preferences = { enterSends: true, notifications: false, previews: false, autoLockMinutes: 0 };

let known = read();
const listeners = new Set<() => void>();
addEventListener('storage', ({ key }) => key === STORED && refresh());
