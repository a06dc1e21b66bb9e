import type { JSX, ReactNode } from 'react';
import styles from './list-row.module.css';

export interface ListRowProps {
  /** An icon or a picture. */
  readonly icon?: ReactNode;
  readonly title: ReactNode;
  /** Below the title. */
  readonly detail?: ReactNode;
  /** Beside both: badges, a time, buttons. */
  readonly end?: ReactNode;
}

/** Rows below each other, with a line between them. */
export function List({ label, children }: { readonly label: string; readonly children: ReactNode }): JSX.Element {
  return (
    <ul className={styles['list']} aria-label={label}>
      {children}
    </ul>
  );
}

/** One thing of several of its kind. */
export function ListRow({ icon, title, detail, end }: ListRowProps): JSX.Element {
  return (
    <li className={styles['row']}>
      {icon !== undefined && <span className={styles['icon']}>{icon}</span>}
      <span className={styles['words']}>
        <span className={styles['title']}>{title}</span>
        {detail !== undefined && <span className={styles['detail']}>{detail}</span>}
      </span>
      {end !== undefined && <span className={styles['end']}>{end}</span>}
    </li>
  );
}
