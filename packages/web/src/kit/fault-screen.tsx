import type { JSX } from 'react';
import { defineText, useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { FaultNotice } from './fault-notice.tsx';
import styles from './fault-screen.module.css';

/** In the place of a screen that could not be shown. */
export function FaultScreen({ error, reset }: { readonly error: Error; reset(): void }): JSX.Element {
  const words = useText(text);
  return (
    <div className={styles['screen']}>
      <FaultNotice fault={error} actions={<Button onPress={reset}>{words.retry}</Button>} />
    </div>
  );
}

const text = defineText({ en: { retry: 'Try again' }, de: { retry: 'Noch einmal versuchen' } });
