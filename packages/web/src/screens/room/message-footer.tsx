import type { MessageView } from '@sotto/keybox';
import { Check, CheckCheck, CircleAlert, Clock3 } from 'lucide-react';
import type { JSX } from 'react';
import { useLanguage, useText } from '../../text/language.tsx';
import styles from './message-footer.module.css';
import { text } from './text.ts';

/** When it was written, whether it was changed, and how far it has got. */
export function MessageFooter({ message }: { readonly message: MessageView }): JSX.Element | null {
  const words = useText(text);
  const { format } = useLanguage();
  if (message.at === 0) return null;
  const date = new Date(message.at);
  return (
    <span className={styles['footer']}>
      {message.edited && message.state !== 'deleted' && <span>{words.edited}</span>}
      <time
        dateTime={date.toISOString()}
        title={date.toLocaleString(format, { dateStyle: 'full', timeStyle: 'medium' })}
      >
        {date.toLocaleTimeString(format, { timeStyle: 'short' })}
      </time>
      <Progress message={message} />
    </span>
  );
}

function Progress({ message }: { readonly message: MessageView }): JSX.Element | null {
  const words = useText(text).state;
  const { state, delivery, code } = message;
  if (message.trust.author !== 'self' || !(state in ICONS)) return null;
  const isRefused = state === 'queued' && code !== null;
  const Icon = isRefused ? CircleAlert : ICONS[state as keyof typeof ICONS];
  const said = isRefused ? words.refused : progressWords(words, { state, delivery });
  return (
    <span
      className={styles['state']}
      data-state={isRefused ? 'refused' : state}
      role="img"
      aria-label={said}
      title={said}
    >
      <Icon aria-hidden="true" />
    </span>
  );
}

/** How far an own message has got, in words. */
export function progressWords(
  words: typeof text.en.state,
  { state, delivery }: Pick<MessageView, 'state' | 'delivery'>,
): string {
  if (state === 'queued') return words.queued;
  if (delivery === null || delivery.of === 0) return words.accepted;
  if (delivery.read > 0) return words.read(delivery.read, delivery.of);
  return delivery.delivered > 0 ? words.delivered(delivery.delivered, delivery.of) : words.accepted;
}

const ICONS = { queued: Clock3, accepted: Check, delivered: CheckCheck, read: CheckCheck } as const;
