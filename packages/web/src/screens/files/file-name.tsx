import type { JSX } from 'react';
import styles from './file-name.module.css';

/**
 * The name of a file: its end, which says what it is, always in sight, set apart from a long or foreign beginning; marks that
 * pile up on letters stay within the line.
 */
export function FileName({ name }: { readonly name: string }): JSX.Element {
  const dot = name.lastIndexOf('.');
  const at = dot > 0 && name.length - dot <= MOST_END ? dot : name.length;
  return (
    <span className={styles['name']} title={name}>
      <bdi className={styles['stem']}>{name.slice(0, at)}</bdi>
      {at < name.length && <bdi className={styles['end']}>{name.slice(at)}</bdi>}
    </span>
  );
}

const MOST_END = 12;
