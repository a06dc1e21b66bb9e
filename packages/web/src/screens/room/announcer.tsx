import type { MessageView } from '@sotto/keybox';
import { type JSX, useEffect, useRef, useState } from 'react';
import { useText } from '../../text/language.tsx';
import styles from './announcer.module.css';
import { nameOf, useRoomDesk } from './room-context.tsx';
import { text } from './text.ts';

/** Says politely what others write while one is here; the feed itself says nothing by itself. */
export function Announcer({ messages }: { readonly messages: readonly MessageView[] }): JSX.Element {
  const words = useText(text);
  const desk = useRoomDesk();
  const known = useRef<number | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const last = messages.findLast(({ n }) => n !== null)?.n ?? null;
    const before = known.current;
    if (last !== null) known.current = Math.max(before ?? 0, last);
    if (before === null || last === null || last <= before) return;
    const news = messages.filter(
      ({ n, trust, state }) => (n ?? 0) > before && trust.author !== 'self' && state === 'received',
    );
    if (news.length === 0) return;
    const lines = news.slice(-MOST).map((message) => {
      const what = message.file === undefined ? message.text.slice(0, LENGTH) : words.file(message.file.name);
      return words.said(nameOf(desk, message.author), what);
    });
    setSaid(news.length > MOST ? words.latestUnread(news.length) : lines.join('\n'));
  }, [messages, desk, words]);
  return (
    <div className={styles['announcer']} aria-live="polite">
      {said}
    </div>
  );
}

const MOST = 3;
const LENGTH = 300;
