import type { JSX } from 'react';
import styles from './avatar.module.css';

/** Stands for a person or a room: a letter on a tint that the name decides. */
export function Avatar({ name, size = 'm' }: { readonly name: string; readonly size?: 's' | 'm' | 'l' }): JSX.Element {
  return (
    <span className={styles['avatar']} data-size={size} data-tint={tintOf(name)} aria-hidden="true">
      {[...name.trim()][0]?.toLocaleUpperCase() ?? '?'}
    </span>
  );
}

function tintOf(name: string): number {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 997;
  return sum % TINTS;
}

const TINTS = 6;
