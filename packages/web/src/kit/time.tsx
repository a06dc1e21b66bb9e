import type { JSX } from 'react';
import { useLanguage } from '../text/language.tsx';

/** A moment, milliseconds since the epoch: how long ago in words, or the day; the exact time on pointing at it. */
export function Time({ at, isExact = false }: { readonly at: number; readonly isExact?: boolean }): JSX.Element {
  const { format } = useLanguage();
  const date = new Date(at);
  const exact = date.toLocaleString(format, { dateStyle: 'medium', timeStyle: 'short' });
  return (
    <time dateTime={date.toISOString()} title={exact}>
      {isExact ? exact : relativeTime(at, format)}
    </time>
  );
}

function relativeTime(at: number, format: string): string {
  const seconds = Math.round((at - Date.now()) / 1000);
  const words = new Intl.RelativeTimeFormat(format, { numeric: 'auto' });
  for (const [unit, size] of UNITS) {
    if (Math.abs(seconds) >= size) return words.format(Math.trunc(seconds / size), unit);
  }
  if (Math.abs(seconds) < MINUTE) return words.format(0, 'second');
  return words.format(Math.trunc(seconds / MINUTE), 'minute');
}

const MINUTE = 60;
const UNITS = [
  ['year', 365 * 24 * 3600],
  ['month', 30 * 24 * 3600],
  ['day', 24 * 3600],
  ['hour', 3600],
] as const;
