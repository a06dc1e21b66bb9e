/** Moves the focus to the next part of the page, or the one before: places, list, room, thread, status. */
export function cycleLandmarks(step: 1 | -1): void {
  const parts = [...document.querySelectorAll<HTMLElement>(LANDMARKS)].filter((part) => part.checkVisibility());
  const at = parts.findIndex((part) => part.contains(document.activeElement));
  const next = parts[(at + step + parts.length) % parts.length];
  if (next === undefined) return;
  const inside = next.querySelector<HTMLElement>(FOCUSABLE);
  if (inside !== null) inside.focus();
  else {
    next.tabIndex = -1;
    next.focus();
  }
}

const LANDMARKS = 'nav, [data-landmark], [role=status][aria-label]';
const FOCUSABLE =
  'a[href]:not([tabindex="-1"]), textarea, article[tabindex="0"], input:not([hidden], [disabled]), button:not([disabled], [tabindex="-1"])';
