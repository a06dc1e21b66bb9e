import type { JSX, ReactNode } from 'react';
import styles from './empty-state.module.css';

/** What a place says while there is nothing in it: what would be here, and how to begin. */
export function EmptyState({
  picture,
  title,
  children,
  actions,
}: {
  readonly picture?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
}): JSX.Element {
  return (
    <div className={styles['empty']}>
      {picture !== undefined && <div className={styles['picture']}>{picture}</div>}
      <h2>{title}</h2>
      {children !== undefined && <div className={styles['words']}>{children}</div>}
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </div>
  );
}
