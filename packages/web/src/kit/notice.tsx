import { CircleAlert, Info, ShieldAlert, TriangleAlert } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import styles from './notice.module.css';

type NoticeTone = 'info' | 'warning' | 'danger' | 'security';

export interface NoticeProps {
  readonly tone?: NoticeTone;
  readonly title: string;
  readonly children?: ReactNode;
  readonly actions?: ReactNode;
  /** Read out at once, because it is the answer to something that was done. */
  readonly isAnswer?: boolean;
}

/** Something that a person has to know here. */
export function Notice({ tone = 'info', title, children, actions, isAnswer = false }: NoticeProps): JSX.Element {
  const Icon = ICONS[tone];
  return (
    <div className={styles['notice']} data-tone={tone} role={isAnswer ? 'alert' : undefined}>
      <Icon aria-hidden="true" />
      <div className={styles['words']}>
        <strong>{title}</strong>
        {children}
        {actions !== undefined && <div className={styles['actions']}>{actions}</div>}
      </div>
    </div>
  );
}

const ICONS = { info: Info, warning: TriangleAlert, danger: CircleAlert, security: ShieldAlert } as const;
