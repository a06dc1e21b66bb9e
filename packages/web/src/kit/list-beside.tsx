import { Outlet } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { IconLink } from './icon-link.tsx';
import styles from './list-beside.module.css';

export interface ListBesideProps {
  readonly title: string;
  /** Links at the end of the heading. */
  readonly tools: readonly {
    readonly to: '/people/add' | '/people/card' | '/rooms/new';
    readonly label: string;
    readonly Icon: LucideIcon;
  }[];
  /** What the list is narrowed by; null while there is little to narrow. */
  readonly filter: { readonly label: string; readonly typed: string; onTyped(typed: string): void } | null;
  /** Whether something is open: narrow screens show that in place of the list. */
  readonly isOpen: boolean;
  /** The list. */
  readonly children: ReactNode;
}

/** A list, beside what is open of it: the route below. */
export function ListBeside({ title, tools, filter, isOpen, children }: ListBesideProps): JSX.Element {
  return (
    <div className={styles['beside']} data-open={isOpen || undefined}>
      <section className={styles['list']} aria-label={title} data-landmark>
        <header className={styles['header']}>
          <h1>{title}</h1>
          {tools.map(({ to, label, Icon }) => (
            <IconLink key={to} to={to} label={label} icon={<Icon aria-hidden="true" />} />
          ))}
        </header>
        {filter !== null && (
          <input
            type="search"
            className={styles['filter']}
            aria-label={filter.label}
            placeholder={filter.label}
            autoComplete="off"
            dir="auto"
            value={filter.typed}
            onChange={(event) => filter.onTyped(event.target.value)}
          />
        )}
        <div className={styles['scroller']}>{children}</div>
      </section>
      <div className={styles['open']}>
        <Outlet />
      </div>
    </div>
  );
}
