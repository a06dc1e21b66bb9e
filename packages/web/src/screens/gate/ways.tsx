import { Link, type LinkProps } from '@tanstack/react-router';
import { ChevronRight, type LucideIcon } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import styles from './ways.module.css';

export interface Way {
  readonly to: LinkProps['to'];
  readonly search?: Readonly<Record<string, string>>;
  readonly hash?: string;
  readonly Icon?: LucideIcon;
  readonly picture?: ReactNode;
  readonly title: ReactNode;
  readonly detail: ReactNode;
}

/** Ways on from here, each with what it is for. */
export function Ways({ label, ways }: { readonly label: string; readonly ways: readonly Way[] }): JSX.Element {
  return (
    <nav aria-label={label}>
      <ul className={styles['ways']}>
        {ways.map(({ to, search, hash, Icon, picture, title, detail }) => (
          <li key={`${to}?${search?.['account'] ?? ''}`}>
            <Link
              to={to as '/welcome'}
              search={(before: object) => ({ ...before, ...search })}
              {...(hash === undefined ? {} : { hash })}
              className={styles['way']}
            >
              {Icon === undefined ? picture : <Icon aria-hidden="true" className={styles['icon']} />}
              <span className={styles['words']}>
                <span className={styles['title']}>{title}</span>
                <span className={styles['detail']}>{detail}</span>
              </span>
              <ChevronRight aria-hidden="true" className={styles['arrow']} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
