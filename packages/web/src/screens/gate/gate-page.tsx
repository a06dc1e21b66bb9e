import { Link, type LinkProps } from '@tanstack/react-router';
import { ArrowLeft } from 'lucide-react';
import { type JSX, type ReactNode, useEffect, useRef } from 'react';
import { Mark } from '../../design/mark.tsx';
import { useText } from '../../text/language.tsx';
import styles from './gate-page.module.css';
import { Preferences } from './preferences.tsx';
import { text } from './text.ts';

export interface GatePageProps {
  readonly title: string;
  /** One or two sentences on what happens here. */
  readonly lead?: ReactNode;
  /** Where the way began. */
  readonly back?: LinkProps['to'];
  /** Explains beside the form, or below it on narrow screens. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

/** A screen on the way into an account: one column in the middle, with what is to be read beside it. */
export function GatePage({ title, lead, back, aside, children }: GatePageProps): JSX.Element {
  const words = useText(text);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    document.title = `${title} · Sotto`;
    // Whoever does not see the page hears where they are; a field that asked for the focus keeps it.
    if (document.activeElement === document.body) heading.current?.focus();
  }, [title]);
  return (
    <div className={styles['page']}>
      <header className={styles['top']}>
        <Link to="/welcome" search={true} className={styles['brand']} aria-label={words.home}>
          <span className={styles['mark']}>
            <Mark />
          </span>
          <span aria-hidden="true">Sotto</span>
        </Link>
        <Preferences />
      </header>
      <main className={styles['main']} data-aside={aside === undefined ? undefined : true}>
        <div className={styles['column']}>
          <header className={styles['heading']}>
            {back !== undefined && (
              <Link to={back as '/welcome'} search={true} className={styles['back']}>
                <ArrowLeft aria-hidden="true" />
                {words.back}
              </Link>
            )}
            <h1 ref={heading} tabIndex={-1}>
              {title}
            </h1>
            {lead !== undefined && <p className={styles['lead']}>{lead}</p>}
          </header>
          {children}
        </div>
        {aside !== undefined && <aside className={styles['aside']}>{aside}</aside>}
      </main>
    </div>
  );
}
