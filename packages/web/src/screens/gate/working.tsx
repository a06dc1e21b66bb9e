import type { JSX } from 'react';
import { Button } from '../../kit/button.tsx';
import { Steps } from '../../kit/progress.tsx';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';
import styles from './working.module.css';

export type StepName = keyof typeof text.en.steps;

/** The steps of getting into an account, while they are taken. */
export function Working({
  names,
  step,
  onStop,
}: {
  /** In their order. */
  readonly names: readonly StepName[];
  readonly step: string | null;
  onStop(): void;
}): JSX.Element {
  const words = useText(text);
  const current = step === null ? (names[0] ?? null) : step;
  const steps = names.map((key) => ({ key, label: words.steps[key] }));
  const label = steps.find(({ key }) => key === current)?.label ?? '';
  return (
    <div className={styles['working']}>
      <Steps label={words.working} steps={steps} current={current} />
      <p role="status" className={styles['spoken']}>
        {label}
      </p>
      <p className={styles['hint']}>{words.closeable}</p>
      <div>
        <Button onPress={onStop}>{words.stop}</Button>
      </div>
    </div>
  );
}
