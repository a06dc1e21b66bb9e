/** Where a shortcut works: everywhere inside, in an open room, while writing, on a message, on a room of the list. */
export type ShortcutScope = 'everywhere' | 'room' | 'composer' | 'message' | 'list';

export interface Shortcut {
  readonly id: string;
  readonly scope: ShortcutScope;
  /** As docs and help write them: `Mod` is Command on a Mac and Ctrl elsewhere. */
  readonly keys: string;
}

/** Every shortcut of the client: what handles keys, the help, the tests and the user guide read this table. */
export const shortcuts = [
  { id: 'find', scope: 'everywhere', keys: 'Mod+K' },
  { id: 'help', scope: 'everywhere', keys: 'Ctrl+/' },
  { id: 'nextLandmark', scope: 'everywhere', keys: 'Ctrl+F6' },
  { id: 'previousLandmark', scope: 'everywhere', keys: 'Ctrl+Shift+F6' },
  { id: 'previousRoom', scope: 'everywhere', keys: 'Alt+ArrowUp' },
  { id: 'nextRoom', scope: 'everywhere', keys: 'Alt+ArrowDown' },
  { id: 'previousUnread', scope: 'everywhere', keys: 'Alt+Shift+ArrowUp' },
  { id: 'nextUnread', scope: 'everywhere', keys: 'Alt+Shift+ArrowDown' },
  { id: 'latest', scope: 'room', keys: 'Escape' },
  { id: 'upload', scope: 'room', keys: 'Ctrl+Shift+U' },
  { id: 'editLast', scope: 'composer', keys: 'ArrowUp' },
  { id: 'bold', scope: 'composer', keys: 'Mod+B' },
  { id: 'italic', scope: 'composer', keys: 'Mod+I' },
  { id: 'olderMessage', scope: 'message', keys: 'ArrowUp' },
  { id: 'newerMessage', scope: 'message', keys: 'ArrowDown' },
  { id: 'actions', scope: 'message', keys: 'Enter' },
  { id: 'reply', scope: 'message', keys: 'R' },
  { id: 'react', scope: 'message', keys: '+' },
  { id: 'edit', scope: 'message', keys: 'E' },
  { id: 'thread', scope: 'message', keys: 'T' },
  { id: 'forward', scope: 'message', keys: 'F' },
  { id: 'copy', scope: 'message', keys: 'C' },
  { id: 'details', scope: 'message', keys: 'I' },
  { id: 'delete', scope: 'message', keys: 'Delete' },
  { id: 'pin', scope: 'list', keys: 'P' },
  { id: 'mute', scope: 'list', keys: 'M' },
  { id: 'archive', scope: 'list', keys: 'A' },
  { id: 'roomMenu', scope: 'list', keys: 'Shift+F10' },
] as const satisfies readonly Shortcut[];

export type ShortcutId = (typeof shortcuts)[number]['id'];

/** What was pressed: of a `KeyboardEvent`, whatever made it. */
export interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
  readonly shiftKey: boolean;
}

/** The shortcut of a scope that was pressed; null if it was none. */
export function pressedShortcut(pressed: Pressed, scope: ShortcutScope): ShortcutId | null {
  return shortcuts.find((each) => each.scope === scope && isPressed(each.keys, pressed))?.id ?? null;
}

/** The keys of a shortcut, as they are written on this machine. */
export function keysOf(id: ShortcutId, isMac: boolean): readonly string[] {
  const { keys } = shortcuts.find((each) => each.id === id) as Shortcut;
  return partsOf(keys).map((part) => (part === 'Mod' ? (isMac ? '⌘' : 'Ctrl') : (SIGNS[part] ?? part)));
}

/** For `aria-keyshortcuts`. */
export function ariaKeys(id: ShortcutId): string {
  const { keys } = shortcuts.find((each) => each.id === id) as Shortcut;
  return keys.includes('Mod')
    ? `${keys.replace('Mod', 'Control')} ${keys.replace('Mod', 'Meta')}`
    : keys.replace('Ctrl', 'Control');
}

function isPressed(keys: string, { key, ctrlKey, metaKey, altKey, shiftKey }: Pressed): boolean {
  const parts = partsOf(keys);
  const wanted = parts.at(-1) ?? '';
  if (key.toLowerCase() !== wanted.toLowerCase() || altKey !== parts.includes('Alt')) return false;
  // Where a sign stands on the keyboard, and whether it takes the shift key, differs from country to country.
  if (!isSign(wanted) && shiftKey !== parts.includes('Shift')) return false;
  if (parts.includes('Mod')) return ctrlKey !== metaKey;
  return ctrlKey === parts.includes('Ctrl') && !metaKey;
}

function partsOf(keys: string): readonly string[] {
  return keys === '+' ? ['+'] : keys.split('+');
}

function isSign(key: string): boolean {
  return key.length === 1 && !/[a-z0-9]/i.test(key);
}

const SIGNS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  Delete: 'Del',
};
