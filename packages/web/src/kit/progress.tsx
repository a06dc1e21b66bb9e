import { Check } from 'lucide-react';
import type { JSX, ReactNode } from 'react';
import { Meter as AriaMeter, ProgressBar as AriaProgressBar, Label } from 'react-aria-components';
import styles from './progress.module.css';
import { Spinner } from './spinner.tsx';

export interface ProgressBarProps {
  readonly label: ReactNode;
  /** What is done, of `total`; null while nobody knows. */
  readonly done: number | null;
  readonly total: number | null;
  /** What stands at the end of the line; by default the share in per cent. */
  readonly value?: string;
}

/** How far long work is. */
export function ProgressBar({ label, done, total, value }: ProgressBarProps): JSX.Element {
  const isKnown = done !== null && total !== null && total > 0;
  const share = isKnown ? Math.min(100, (100 * done) / total) : 0;
  return (
    <AriaProgressBar
      className={styles['bar'] ?? ''}
      value={share}
      isIndeterminate={!isKnown}
      {...(value === undefined ? {} : { valueLabel: value })}
    >
      {({ valueText }) => (
        <>
          <Label>{label}</Label>
          <span className={styles['value']}>{isKnown || value !== undefined ? valueText : ''}</span>
          <span className={styles['track']} data-unknown={!isKnown || undefined}>
            <span style={{ inlineSize: isKnown ? `${share}%` : undefined }} />
          </span>
        </>
      )}
    </AriaProgressBar>
  );
}

interface StepsProps {
  readonly label: string;
  /** In the order in which they come. */
  readonly steps: readonly { readonly key: string; readonly label: ReactNode }[];
  /** The one under way; null before the first. */
  readonly current: string | null;
}

/** Long work in named steps: what is done, what is under way, what comes. */
export function Steps({ label, steps, current }: StepsProps): JSX.Element {
  const at = steps.findIndex(({ key }) => key === current);
  return (
    <ol className={styles['steps']} aria-label={label}>
      {steps.map((step, i) => (
        <li key={step.key} data-state={stateOf(i, at)} aria-current={i === at ? 'step' : undefined}>
          <span className={styles['mark']} aria-hidden="true">
            {i < at && <Check />}
            {i === at && <Spinner />}
          </span>
          {step.label}
        </li>
      ))}
    </ol>
  );
}

export interface MeterProps {
  readonly label: ReactNode;
  readonly value: number;
  readonly most: number;
  /** The value in words. */
  readonly words: string;
  readonly tone?: 'good' | 'warning' | 'danger';
}

/** How much of something there is, or how good it is. */
export function Meter({ label, value, most, words, tone = 'good' }: MeterProps): JSX.Element {
  const share = most > 0 ? Math.min(100, (100 * value) / most) : 0;
  return (
    <AriaMeter className={styles['bar'] ?? ''} value={share} valueLabel={words} data-tone={tone}>
      <Label>{label}</Label>
      <span className={styles['value']}>{words}</span>
      <span className={styles['track']}>
        <span style={{ inlineSize: `${share}%` }} />
      </span>
    </AriaMeter>
  );
}

function stateOf(i: number, at: number): 'done' | 'current' | 'coming' {
  if (i < at) return 'done';
  return i === at ? 'current' : 'coming';
}
