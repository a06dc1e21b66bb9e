import { CatchBoundary, Link } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import { type ComponentType, type JSX, type ReactNode, Suspense } from 'react';
import { Loading } from '../app/loading.tsx';
import { NoSuchPage } from '../app/no-such-page.tsx';
import { FaultScreen } from './fault-screen.tsx';
import styles from './split.module.css';

/** One page of a place. */
interface SplitPart {
  /** The end of its address. */
  readonly key: string;
  readonly label: string;
  readonly Icon: LucideIcon;
  readonly Part: ComponentType;
  /** Beside the label: how many things wait. */
  readonly mark?: ReactNode;
}

export interface SplitProps {
  readonly title: string;
  readonly place: '/security' | '/settings' | '/admin';
  readonly parts: readonly [SplitPart, ...SplitPart[]];
  /** The one that is open; undefined at the place itself: the first on wide screens, the list on narrow ones. */
  readonly open: string | undefined;
}

/** A place with several pages: their list, and beside it, or in its stead, the one that is open. */
export function Split({ title, place, parts, open }: SplitProps): JSX.Element {
  const shown = open === undefined ? parts[0] : parts.find(({ key }) => key === open);
  return (
    <div className={styles['split']} data-open={open !== undefined || undefined}>
      <nav className={styles['list']} aria-label={title}>
        <h1>{title}</h1>
        <ul>
          {parts.map(({ key, label, Icon, mark }) => (
            <li key={key}>
              <Link
                to={`${place}/{-$part}`}
                params={{ part: key }}
                className={styles['entry']}
                data-shown={key === shown?.key || undefined}
              >
                <Icon aria-hidden="true" />
                <span>{label}</span>
                {mark}
              </Link>
            </li>
          ))}
        </ul>
      </nav>
      <div className={styles['part']}>{shown === undefined ? <NoSuchPage /> : <Shown part={shown} />}</div>
    </div>
  );
}

function Shown({ part: { key, Part } }: { readonly part: SplitPart }): JSX.Element {
  return (
    <CatchBoundary getResetKey={() => key} errorComponent={FaultScreen}>
      <Suspense key={key} fallback={<Loading />}>
        <Part />
      </Suspense>
    </CatchBoundary>
  );
}
