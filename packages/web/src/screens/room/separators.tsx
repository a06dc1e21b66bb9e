import type { JSX } from 'react';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './separators.module.css';
import { text } from './text.ts';

/** Where another day begins. */
export function DayLine({ at }: { readonly at: number }): JSX.Element {
  const words = useText(text);
  const { format } = useLanguage();
  return (
    <div className={styles['line']}>
      <span>{dayName(at, words, format)}</span>
    </div>
  );
}

/** Before the first message that was unread. */
export function UnreadLine(): JSX.Element {
  const words = useText(text);
  return (
    <div className={styles['line']} data-unread>
      <span>{words.unread}</span>
    </div>
  );
}

function dayName(at: number, words: { readonly today: string; readonly yesterday: string }, format: string): string {
  const date = new Date(at);
  const today = new Date();
  const yesterday = new Date(today.getFullYear(), today.getMonth(), today.getDate() - 1);
  if (date.toDateString() === today.toDateString()) return words.today;
  if (date.toDateString() === yesterday.toDateString()) return words.yesterday;
  const isThisYear = date.getFullYear() === today.getFullYear();
  return date.toLocaleDateString(format, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    ...(isThisYear ? {} : { year: 'numeric' }),
  });
}
