import { MAX_TEXT_BYTES } from '@sotto/protocol';
import type { JSX } from 'react';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './composer.module.css';
import { composerText } from './composer-text.ts';

/** How many bytes a text is longer than a message may be; below zero while there is space. */
export function overLength(text: string): number {
  // No letter takes more than three bytes a unit: a short text is not measured.
  return text.length * 3 <= MAX_TEXT_BYTES ? text.length * 3 - MAX_TEXT_BYTES : utf8Length(text) - MAX_TEXT_BYTES;
}

/** Says how much space is left before a message gets too long, and by how much it is. */
export function LengthNote({ text }: { readonly text: string }): JSX.Element | null {
  const words = useText(composerText);
  const { format } = useLanguage();
  const over = overLength(text);
  if (over < -NEAR_BYTES) return null;
  const count = Math.abs(over).toLocaleString(format);
  return (
    <p className={styles['length']} data-over={over > 0 || undefined} role="status">
      {over > 0 ? words.tooLong(count) : words.left(count)}
    </p>
  );
}

function utf8Length(text: string): number {
  return new TextEncoder().encode(text).length;
}

const NEAR_BYTES = 4_096;
