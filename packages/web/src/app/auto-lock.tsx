import { useEffect } from 'react';
import { usePreferences } from './preferences.ts';
import { useRead } from './queries.ts';
import { useVaults } from './vaults.tsx';

/** Locks the account when nobody has touched any tab for as long as the person, or the stricter rule, says. */
export function AutoLock(): null {
  const { gate } = useVaults();
  const { autoLockMinutes } = usePreferences();
  const rule = useRead(['policy'], ({ box }) => box.policy.state()).inForce.autoLockMinutes;
  const minutes = stricter(autoLockMinutes, rule);
  useEffect(() => {
    if (minutes === 0) return;
    touch();
    const timer = setInterval(() => isIdle(minutes) && void gate.lock(), LOOKED_EACH_MILLISECONDS);
    for (const event of TOUCHES) addEventListener(event, touch, HEARD);
    return () => {
      clearInterval(timer);
      for (const event of TOUCHES) removeEventListener(event, touch, HEARD);
    };
  }, [gate, minutes]);
  return null;
}

/** The lesser of what was chosen and what is demanded, where 0 and null mean never. */
export function stricter(chosen: number, demanded: number | null): number {
  if (demanded === null) return chosen;
  return chosen === 0 ? demanded : Math.min(chosen, demanded);
}

/** The time of the last touch is shared, for whoever works in another tab is not away. */
function touch(): void {
  const now = Date.now();
  if (now - lastTouch < NOTED_EACH_MILLISECONDS) return;
  lastTouch = now;
  localStorage.setItem(STORED, String(now));
}

function isIdle(minutes: number): boolean {
  return Date.now() - Number(localStorage.getItem(STORED)) >= minutes * 60_000;
}

const STORED = 'sotto.touched';
/** What people do, also by programs that press and type for them. */
const TOUCHES = ['pointerdown', 'pointermove', 'click', 'keydown', 'input', 'wheel', 'scroll'] as const;
/** Before what is touched keeps it for itself, as buttons and lists do. */
const HEARD = { passive: true, capture: true } as const;
const LOOKED_EACH_MILLISECONDS = 15_000;
const NOTED_EACH_MILLISECONDS = 5_000;
let lastTouch = 0;
