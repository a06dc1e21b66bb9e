import { useQueryErrorResetBoundary } from '@tanstack/react-query';
import type { ErrorComponentProps } from '@tanstack/react-router';
import type { JSX } from 'react';
import { useVaultState } from '../app/vaults.tsx';
import { defineText, useText } from '../text/language.tsx';
import { Button } from './button.tsx';
import { FaultNotice } from './fault-notice.tsx';
import styles from './fault-screen.module.css';

/** In the place of a screen that could not be shown. */
export function FaultScreen({ error, reset }: ErrorComponentProps): JSX.Element {
  const words = useText(text);
  const vault = useVaultState();
  const queries = useQueryErrorResetBoundary();
  const retry = (): void => {
    // What failed is asked again, instead of its old answer thrown again.
    queries.reset();
    reset();
  };
  // Why, and what to do, stands above.
  if (vault.kind === 'open' && vault.isGone) return <h1 className={styles['screen']}>{words.gone}</h1>;
  return (
    <div className={styles['screen']}>
      <FaultNotice
        fault={error instanceof Error ? error : new Error('unknown')}
        actions={<Button onPress={retry}>{words.retry}</Button>}
      />
    </div>
  );
}

const text = defineText({
  en: { retry: 'Try again', gone: 'This can be read no more' },
  de: { retry: 'Noch einmal versuchen', gone: 'Das lässt sich nicht mehr lesen' },
});
