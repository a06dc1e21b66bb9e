import { ArrowDown } from 'lucide-react';
import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import styles from './latest-button.module.css';
import { text } from './text.ts';

/** Back to the newest messages, while they are out of sight. */
export function LatestButton(props: {
  readonly isShown: boolean;
  readonly unread: number;
  onPress(): void;
}): JSX.Element | null {
  const words = useText(text);
  if (!props.isShown) return null;
  return (
    <button type="button" className={styles['latest']} onClick={props.onPress}>
      <ArrowDown aria-hidden="true" />
      {props.unread > 0 ? words.latestUnread(props.unread) : words.latest}
    </button>
  );
}
