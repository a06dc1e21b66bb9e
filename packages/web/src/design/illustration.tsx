import type { JSX } from 'react';
import styles from './illustration.module.css';

/** A line drawing for a place where nothing is yet, or where something is explained; says nothing that words do not. */
export function Illustration({ name }: { readonly name: keyof typeof drawings }): JSX.Element {
  const { body, lines, solid } = drawings[name];
  return (
    <span className={styles['illustration']}>
      <svg viewBox="0 0 160 112" aria-hidden="true">
        <path className={styles['body']} d={body} />
        <path d={lines} />
        <path className={styles['solid']} d={solid} />
      </svg>
    </span>
  );
}

/** On a grid of 160 x 112: what is filled and outlined, drawn, and filled with ink. */
const drawings = {
  /** Two voices, one of them low. */
  talk: {
    body: 'M22 52c0-19 17-32 38-32s38 13 38 32-17 32-38 32c-5 0-9-.7-13.5-2L30 89c-2 .8-3.8-1-3.2-3l3.7-13.5C25 67 22 60 22 52z',
    lines:
      'M106 46c17 1.5 32 12 32 27 0 6.5-2.5 12-7 16.5l3 10.5c.5 1.8-1.2 3.3-3 2.6L118.5 97.5c-3.5 1-7 1.5-10.5 1.5-12 0-22-5-27-12.5M42 40v24M53 44v16M64 47.5v9',
    solid:
      'M72.4 52a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0zM101.4 73a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0zM111.4 73a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0zM121.4 73a2.6 2.6 0 1 0 5.2 0a2.6 2.6 0 1 0 -5.2 0z',
  },
  /** Two cards that are exchanged. */
  people: {
    body: 'M84 46V35a7 7 0 0 0-7-7H25a7 7 0 0 0-7 7v32a7 7 0 0 0 7 7h51M83 46h52a7 7 0 0 1 7 7v32a7 7 0 0 1 -7 7h-52a7 7 0 0 1 -7 -7v-32a7 7 0 0 1 7 -7z',
    lines:
      'M30 45a7 7 0 1 0 14 0a7 7 0 1 0 -14 0zM26 64c1-8 5.5-11.5 11-11.5S47 56 48 64M57 42h17M57 51h17M57 60h10M88 63a7 7 0 1 0 14 0a7 7 0 1 0 -14 0zM84 82c1-8 5.5-11.5 11-11.5s10 3.5 11 11.5M115 60h17M115 69h17M115 78h10M96 30h12c10 0 16 3 16 10M64 90H52c-10 0-16-3-16-10M102 24l-7 6 7 6M58 84l7 6-7 6',
    solid: '',
  },
  /** Two screens that show the same. */
  compare: {
    body: 'M28 14h30a8 8 0 0 1 8 8v68a8 8 0 0 1 -8 8h-30a8 8 0 0 1 -8 -8v-68a8 8 0 0 1 8 -8zM102 14h30a8 8 0 0 1 8 8v68a8 8 0 0 1 -8 8h-30a8 8 0 0 1 -8 -8v-68a8 8 0 0 1 8 -8z',
    lines:
      'M38 21h10M28 39a6 6 0 1 0 12 0a6 6 0 1 0 -12 0zM49.5 33h7a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1 -2.5 2.5h-7a2.5 2.5 0 0 1 -2.5 -2.5v-7a2.5 2.5 0 0 1 2.5 -2.5zM34 56l7 12h-14zM53 55l6.5 6.8-6.5 6.7-6.5-6.7zM28 79h30M28 87h20M112 21h10M102 39a6 6 0 1 0 12 0a6 6 0 1 0 -12 0zM123.5 33h7a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1 -2.5 2.5h-7a2.5 2.5 0 0 1 -2.5 -2.5v-7a2.5 2.5 0 0 1 2.5 -2.5zM108 56l7 12h-14zM127 55l6.5 6.8-6.5 6.7-6.5-6.7zM102 79h30M102 87h20M75 51h10M75 61h10',
    solid: '',
  },
  /** A folder. */
  files: {
    body: 'M22 40c0-4 3-7 7-7h26l9 10h60c4 0 7 3 7 7v38c0 4-3 7-7 7H29c-4 0-7-3-7-7z',
    lines: 'M44 33V19c0-3 2-5 5-5h36l15 15v14M85 14v10c0 3 2 5 5 5h10M56 24h18M22 54h109M34 84h20M139 24v14M132 31h14',
    solid: '',
  },
} as const;
