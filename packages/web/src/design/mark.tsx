import type { JSX } from 'react';
import styles from './mark.module.css';

/** The mark of Sotto: a voice that is lowered until it is heard by those alone who are meant. As large as its place. */
export function Mark(): JSX.Element {
  return (
    <svg className={styles['mark']} viewBox="0 0 32 32" aria-hidden="true">
      <path
        className={styles['bubble']}
        d="M16 2.5C8.3 2.5 2.5 8 2.5 15c0 3.3 1.3 6.3 3.5 8.5L4.6 28.2c-.2.8.5 1.5 1.3 1.2l5.6-2.3c1.4.4 2.9.6 4.5.6 7.7 0 13.5-5.6 13.5-12.7S23.7 2.5 16 2.5z"
      />
      <path className={styles['voice']} d="M9.5 9.5v11M14 11.5v7M18.5 13.3v3.4M23 15h0" />
    </svg>
  );
}
