import type { JSX, ReactNode } from 'react';
import styles from './form.module.css';

/** Fields below each other; Enter in any of them goes on. */
export function GateForm({
  onSubmit,
  label,
  children,
}: {
  onSubmit(): void;
  readonly label: string;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <form
      className={styles['form']}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      {children}
    </form>
  );
}

/** A quiet button that stands in line with what is above it. */
export function Aligned({ children }: { readonly children: ReactNode }): JSX.Element {
  return <div className={styles['quiet']}>{children}</div>;
}

/** What most people need not look at. */
export function Folded({ title, children }: { readonly title: string; readonly children: ReactNode }): JSX.Element {
  return (
    <details className={styles['folded']}>
      <summary>{title}</summary>
      <div className={styles['form']}>{children}</div>
    </details>
  );
}
