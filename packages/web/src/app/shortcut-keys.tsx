import { useEffect, useRef } from 'react';
import { type Pressed, pressedShortcut, type ShortcutId } from './shortcuts.ts';

/** Does something whenever the keys of a shortcut are pressed for as long as this is shown; the newest to ask is asked first. */
export function useShortcut(id: ShortcutId, work: () => void): void {
  const newest = useRef(work);
  newest.current = work;
  useEffect(() => {
    const call = (): void => newest.current();
    const others = handlers.get(id) ?? [];
    handlers.set(id, [call, ...others]);
    return () => {
      handlers.set(
        id,
        (handlers.get(id) ?? []).filter((each) => each !== call),
      );
    };
  }, [id]);
}

/** Hears the keys of the page: what a field or a dialog took for itself is no shortcut any more. */
export function hearShortcuts(): () => void {
  const hear = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const id = shortcutAt(event, event.target);
    const [work] = (id === null ? undefined : handlers.get(id)) ?? [];
    if (work === undefined) return;
    event.preventDefault();
    work();
  };
  document.addEventListener('keydown', hear);
  return () => document.removeEventListener('keydown', hear);
}

function shortcutAt(pressed: Pressed, target: EventTarget | null): ShortcutId | null {
  const everywhere = pressedShortcut(pressed, 'everywhere');
  if (everywhere !== null) return everywhere;
  const isInDialog =
    target instanceof Element && target.closest('[role=dialog], [role=alertdialog], [role=menu]') !== null;
  return isInDialog ? null : pressedShortcut(pressed, 'room');
}

const handlers = new Map<ShortcutId, readonly (() => void)[]>();
