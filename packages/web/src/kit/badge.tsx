import type { JSX, ReactNode } from 'react';
import styles from './badge.module.css';

export type Tone = 'plain' | 'good' | 'warning' | 'danger';

/** One word on the state of something. */
export function Badge({
  tone = 'plain',
  children,
}: {
  readonly tone?: Tone;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <span className={styles['badge']} data-tone={tone}>
      {children}
    </span>
  );
}
