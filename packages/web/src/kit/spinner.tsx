import type { JSX } from 'react';
import styles from './spinner.module.css';

/** Work under way, beside words that say which. */
export function Spinner(): JSX.Element {
  return <span className={styles['spinner']} aria-hidden="true" />;
}
