import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import { text } from './text.ts';
import styles from './welcome.module.css';

/** The first thing that anybody sees: ways in. */
export function Welcome(): JSX.Element {
  const words = useText(text);
  return (
    <main className={styles['welcome']}>
      <h1>{words.title}</h1>
      <p>{words.what}</p>
    </main>
  );
}
