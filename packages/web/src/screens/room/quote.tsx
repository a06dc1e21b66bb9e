import type { QuoteView } from '@sotto/keybox';
import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import styles from './quote.module.css';
import { nameOf, useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';

/** The message that another one answers, in one line; leads to it. */
export function Quote({ quote }: { readonly quote: QuoteView }): JSX.Element {
  const words = useText(text).quote;
  const desk = useRoomDesk();
  const { author, state } = quote;
  const name = author === null ? null : nameOf(desk, author);
  const said = state === 'here' ? quote.text : words[state];
  if (state === 'unknown') return <span className={styles['quote']}>{said}</span>;
  return (
    <button
      type="button"
      className={styles['quote']}
      aria-label={`${words.open(name ?? '')} ${said}`}
      onClick={() => desk.goTo(quote.id)}
    >
      {name !== null && <bdi className={styles['author']}>{name}</bdi>}
      <bdi className={styles['text']}>{said}</bdi>
    </button>
  );
}
