import type { JSX } from 'react';
import { Spinner } from '../kit/spinner.tsx';
import { defineText, useText } from '../text/language.tsx';
import styles from './loading.module.css';

/** What is not here yet, in the middle of where it will be. */
export function Loading(): JSX.Element {
  const words = useText(text);
  return (
    <div className={styles['loading']} role="status">
      <Spinner />
      <span>{words.loading}</span>
    </div>
  );
}

const text = defineText({ en: { loading: 'Opening …' }, de: { loading: 'Wird geöffnet …' } });
