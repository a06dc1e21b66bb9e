import type { KeyNoticeView } from '@sotto/keybox';
import { Link } from '@tanstack/react-router';
import { KeyRound } from 'lucide-react';
import type { JSX } from 'react';
import { useText } from '../../text/language.tsx';
import styles from './separators.module.css';
import { text } from './text.ts';

/** What somebody's devices signed about their keys, where it happened. */
export function KeyNotice({ notice }: { readonly notice: KeyNoticeView }): JSX.Element | null {
  const words = useText(text).notice;
  const { address, kind, device } = notice;
  if (kind === 'account-made') return null;
  return (
    <p className={styles['notice']}>
      <KeyRound aria-hidden="true" />
      <bdi>{words[kind](address, device?.name ?? '')}</bdi>
      <Link to="/people/$address" params={{ address }}>
        {words.show}
      </Link>
    </p>
  );
}
