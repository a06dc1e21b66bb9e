import type { JSX, ReactNode } from 'react';
import styles from './empty-state.module.css';

/** What a place says while there is nothing in it: what would be here, and how to begin. `isPage`: it is all of a page. */
export function EmptyState({
  picture,
  title,
  children,
  actions,
  isPage = false,
}: {
  readonly picture?: ReactNode;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  readonly isPage?: boolean;
}): JSX.Element {
  const Heading = isPage ? 'h1' : 'h2';
  return (
    <div className={styles['empty']}>
      {picture !== undefined && <div className={styles['picture']}>{picture}</div>}
      <Heading>{title}</Heading>
      {children !== undefined && <div className={styles['words']}>{children}</div>}
      {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
    </div>
  );
}
