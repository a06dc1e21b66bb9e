import { type JSX, memo, type Ref } from 'react';
import { Avatar } from '../../kit/avatar.tsx';
import { useLanguage, useText } from '../../text/language.tsx';
import { MessageActions } from './message-actions.tsx';
import { MessageContent } from './message-content.tsx';
import { MessageFooter } from './message-footer.tsx';
import styles from './message-item.module.css';
import { Reactions } from './reactions.tsx';
import { Refused } from './refused.tsx';
import { nameOf, useRoomDesk } from './room-context.tsx';
import type { MessageRow } from './rows.ts';
import { Shield } from './shield.tsx';
import { text } from './text.ts';

export interface MessageItemProps {
  readonly row: MessageRow;
  /** Place in the room, where it is known: 1 for its first message. */
  readonly place: number;
  readonly total: number;
  /** Whether its buttons are shown. */
  readonly isActive: boolean;
  /** Whether the tab key stops here. */
  readonly isStop: boolean;
  /** Whether somebody was just led here. */
  readonly isFound: boolean;
  onActive(id: string | null): void;
  readonly ref?: Ref<HTMLElement>;
}

/** One message, as an article of the feed. */
export const MessageItem = memo(function MessageItem(props: MessageItemProps): JSX.Element {
  const { row, place, total, isActive, isStop, isFound, onActive } = props;
  const { message, isFirst, isLast } = row;
  const words = useText(text);
  const { format } = useLanguage();
  const desk = useRoomDesk();
  const isOwn = message.trust.author === 'self';
  const name = isOwn ? words.you : nameOf(desk, message.author);
  const time = new Date(message.at).toLocaleTimeString(format, { timeStyle: 'short' });
  return (
    <article
      className={styles['item']}
      data-message={message.id}
      data-own={isOwn || undefined}
      data-first={isFirst || undefined}
      data-last={isLast || undefined}
      data-found={isFound || undefined}
      data-mention={message.mentionsMe || undefined}
      tabIndex={isStop ? 0 : -1}
      aria-posinset={place}
      aria-setsize={total}
      aria-label={message.at === 0 ? name : `${name}, ${time}`}
      onPointerEnter={() => onActive(message.id)}
      onFocus={() => onActive(message.id)}
    >
      {!isOwn && <span className={styles['face']}>{isFirst && <Avatar name={name} />}</span>}
      <div className={styles['column']}>
        {!isOwn && isFirst && (
          <header className={styles['author']}>
            <bdi className={styles['name']}>{name}</bdi>
            {name !== message.author && <bdi className={styles['address']}>{message.author}</bdi>}
            <Shield trust={message.trust} />
          </header>
        )}
        <div className={styles['line']}>
          <div
            className={styles['bubble']}
            data-state={message.state}
            data-file={message.file !== undefined || undefined}
          >
            <MessageContent message={message} />
            <MessageFooter message={message} />
          </div>
          {isActive && message.state !== 'deleted' && message.state !== 'undecryptable' && (
            <MessageActions message={message} />
          )}
        </div>
        {message.reactions.length > 0 && <Reactions message={message} />}
        {message.thread !== null && desk.thread !== null && (
          <button type="button" className={styles['replies']} onClick={() => desk.thread?.(message)}>
            {words.inThread}
          </button>
        )}
        {message.threadReplies > 0 && desk.thread !== null && (
          <button type="button" className={styles['replies']} onClick={() => desk.thread?.(message)}>
            {words.replies(message.threadReplies)}
          </button>
        )}
        {message.state === 'queued' && message.code !== null && <Refused message={message} code={message.code} />}
      </div>
    </article>
  );
});
