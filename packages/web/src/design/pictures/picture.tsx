import type { JSX } from 'react';
import styles from './picture.module.css';
import { picturePaths } from './picture-paths.ts';

export interface PictureProps {
  /** Its English word. */
  readonly name: string;
  /** The word in the reader's language; none where the word stands beside it. */
  readonly label?: string;
}

/** One of the 64 pictures that people compare; as large as its place. Nothing under a word that has no picture. */
export function Picture({ name, label }: PictureProps): JSX.Element | null {
  const paths = Object.hasOwn(picturePaths, name) ? picturePaths[name] : undefined;
  if (paths === undefined) return null;
  const { body, lines, solid } = paths;
  return (
    <svg
      className={styles['picture']}
      viewBox="0 0 32 32"
      role="img"
      aria-label={label}
      aria-hidden={label === undefined}
    >
      <path className={styles['body']} d={body} />
      {lines !== undefined && <path d={lines} />}
      {solid !== undefined && <path className={styles['solid']} d={solid} />}
    </svg>
  );
}
