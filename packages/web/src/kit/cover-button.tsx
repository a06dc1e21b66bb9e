import type { JSX, ReactNode } from 'react';
import { Button } from 'react-aria-components';
import styles from './cover-button.module.css';

/**
 * A button that covers what it lies in: a card or row with `position: relative`. What else can be pressed there needs a
 * `z-index`.
 */
export function CoverButton({
  label,
  onPress,
  children,
}: {
  readonly label: string;
  onPress(): void;
  readonly children: ReactNode;
}): JSX.Element {
  return (
    <Button className={styles['cover'] ?? ''} aria-label={label} onPress={onPress}>
      {children}
    </Button>
  );
}
