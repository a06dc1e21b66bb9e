import { type LinkProps, useRouter } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { defineText, useText } from '../text/language.tsx';
import { IconButton } from './button.tsx';
import styles from './page.module.css';

export interface PageProps {
  readonly title: ReactNode;
  /** One sentence on what is here. */
  readonly lead?: ReactNode;
  /** Where the arrow leads that narrow screens have. */
  readonly back?: LinkProps['to'];
  /** At the end of the heading. */
  readonly actions?: ReactNode;
  /** For tables: as wide as there is space. */
  readonly wide?: boolean;
  readonly children: ReactNode;
}

/** One page of a place: heading, sections below each other, scrolling by itself. */
export function Page({ title, lead, back, actions, wide = false, children }: PageProps): JSX.Element {
  const words = useText(text);
  const router = useRouter();
  return (
    <div className={styles['page']}>
      <div className={styles['column']} data-wide={wide || undefined}>
        <header className={styles['header']}>
          {back !== undefined && (
            <span className={styles['back']}>
              <IconButton
                label={words.back}
                icon={<ArrowLeft />}
                onPress={() => void router.navigate({ to: back as '/security/{-$part}', params: { part: undefined } })}
              />
            </span>
          )}
          <div className={styles['words']}>
            <h1>{title}</h1>
            {lead !== undefined && <p>{lead}</p>}
          </div>
          {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
        </header>
        {children}
      </div>
    </div>
  );
}

/** A part of a page under its own heading. */
export function Section({
  title,
  lead,
  actions,
  children,
}: {
  readonly title: ReactNode;
  readonly lead?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}): JSX.Element {
  return (
    <section className={styles['section']}>
      <header className={styles['header']}>
        <div className={styles['words']}>
          <h2>{title}</h2>
          {lead !== undefined && <p>{lead}</p>}
        </div>
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </header>
      {children}
    </section>
  );
}

const text = defineText({ en: { back: 'Back' }, de: { back: 'Zurück' } });
